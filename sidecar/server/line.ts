import type { Socket } from 'node:net';

import type { Credentials } from './connection';
import { encode } from './commands';
import { createReplies, Refusal, type Reply } from './replies';

/**
 * A connection for very many commands, opened when first needed and again after it was lost. Commands go as bytes, many in one piece: what a
 * client library does for each of them costs more than most servers take to do it.
 */
export interface Line {
  /** @returns so many replies, in order. @throws Error where they do not come within the bound: the connection is given up */
  readonly say: (commands: string | Buffer, count: number) => Promise<readonly Reply[]>;
  readonly close: () => void;
}

/** What it takes to open one. Milliseconds. */
export interface LineOptions {
  readonly openSocket: (boundMs: number) => Promise<Socket>;
  /** The next is for a server that does not know the password of the last. */
  readonly credentials: () => Promise<readonly Credentials[]>;
  readonly openMs: number;
  readonly boundMs: number;
}

/** Nothing is opened yet. */
export function createLine(options: LineOptions): Line {
  let current: Promise<Conversation> | undefined;

  function conversation(): Promise<Conversation> {
    if (current) return current;
    const opening = open(options);
    const forget = (): void => {
      if (current === opening) current = undefined;
    };
    opening.then(({ socket }) => (socket.destroyed ? forget() : socket.once('close', forget)), forget);
    return (current = opening);
  }

  return {
    say: async (commands, count) => (await conversation()).say(commands, count, options.boundMs),
    close() {
      current?.then(({ socket }) => socket.destroy()).catch(() => undefined);
      current = undefined;
    },
  };
}

/** An open connection. */
interface Conversation {
  readonly socket: Socket;
  readonly say: (commands: string | Buffer, count: number, boundMs: number) => Promise<readonly Reply[]>;
}

async function open({ openSocket, credentials, openMs }: LineOptions): Promise<Conversation> {
  const inTurn = await credentials();
  for (const [index, each] of inTurn.entries()) {
    const socket = await openSocket(openMs);
    socket.setNoDelay(true);
    const conversation = converse(socket);
    const refusal = await signIn(conversation, each, openMs);
    if (!refusal) return conversation;
    socket.destroy();
    if (!refusal.message.startsWith('WRONGPASS') || index === inTurn.length - 1) throw refusal;
  }
  throw new Error('there is nobody to sign in as');
}

async function signIn(
  { say }: Conversation,
  { username, password }: Credentials,
  boundMs: number,
): Promise<Refusal | undefined> {
  if (username === undefined || password === undefined) return undefined;
  const [reply] = await say(encode(['AUTH', username, password]), 1, boundMs);
  return reply instanceof Refusal ? reply : undefined;
}

/** Somebody who has said something and waits for the answer. */
interface Waiting {
  readonly count: number;
  readonly replies: Reply[];
  readonly resolve: (replies: readonly Reply[]) => void;
  readonly reject: (error: Error) => void;
}

function converse(socket: Socket): Conversation {
  const incoming = createReplies();
  const waiting: Waiting[] = [];
  let cause = new Error('the connection was lost');

  function end(error: Error): void {
    cause = error;
    socket.destroy();
  }

  function hear(bytes: Buffer): void {
    incoming.add(bytes);
    for (let first = waiting[0]; first; first = waiting[0]) {
      const reply = incoming.next();
      if (reply === undefined) return;
      first.replies.push(reply);
      if (first.replies.length === first.count) waiting.shift()!.resolve(first.replies);
    }
  }

  socket.on('data', (bytes: Buffer) => {
    try {
      hear(bytes);
    } catch (error) {
      end(error as Error);
    }
  });
  socket.on('error', (error) => (cause = error));
  socket.on('close', () => waiting.splice(0).forEach(({ reject }) => reject(cause)));
  return {
    socket,
    async say(commands, count, boundMs) {
      if (socket.destroyed) throw cause;
      const timer = setTimeout(() => end(new Error(`no answer within ${boundMs} ms`)), boundMs);
      try {
        return await new Promise((resolve, reject) => {
          waiting.push({ count, replies: [], resolve, reject });
          socket.write(commands);
        });
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
