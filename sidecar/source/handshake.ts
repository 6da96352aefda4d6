/** From a server's first word to the first byte of data, with a gate in between: https://valkey.io/topics/replication/ */
import type { Duplex } from 'node:stream';

import type { Engine } from '../../lib/contract/engines';
import type { SourceConnection } from './connect';
import { whyNoCopy, whyNotLoaded, type Owned, type SourceFacts } from './facts';
import { readCommand } from './protocol';
import type { SocketReader } from './reader';

/** A server that wants to copy, and the source that it wants to copy. */
export interface Handshake {
  readonly own: Duplex;
  readonly reader: SocketReader;
  readonly source: SourceConnection;
  /** Name of the source, and what it has. */
  readonly of: string;
  readonly facts: SourceFacts;
  /** Of the own server. */
  readonly engine: Engine;
  /** What that may say as its password. */
  readonly passwords: readonly string[];
  readonly owned: () => Promise<Owned>;
}

/** How many bytes a file of data begins with that say its format. */
const headerBytes = 9;

/**
 * Brings both together. Afterwards everything goes through as it comes.
 *
 * @returns what the source answered: `CONTINUE`, or `FULLRESYNC` where it sends all that it has
 * @throws Error with why nothing may be copied; the own server has heard nothing by which it would drop its data
 */
export async function introduce(handshake: Handshake): Promise<string> {
  const { own, reader, source, of, facts, owned } = handshake;
  source.send(await greet(handshake));
  const answer = await skipSigns(source.reader, own);
  const [word] = /^\+(FULLRESYNC|CONTINUE)\b/.exec(answer) ?? [];
  if (word === undefined) throw new Error(`it answers: ${answer.slice(1)}`);
  if (word === '+CONTINUE') {
    own.write(`${answer}\r\n`, 'latin1');
  } else {
    const why = whyNoCopy(facts, of, await owned());
    if (why !== undefined) throw new Error(why);
    own.write(`${answer}\r\n${await begin(handshake)}`, 'latin1');
  }
  source.socket.setTimeout(0);
  reader.end();
  source.reader.end();
  source.socket.pipe(own);
  own.pipe(source.socket);
  return word.slice(1);
}

/**
 * Goes with the own server through what a replica says before it asks for data. It signs in here as at any server of its database; what
 * it can do, it tells the source.
 *
 * @returns its `PSYNC`
 */
async function greet({ own, reader, source, passwords }: Handshake): Promise<string[]> {
  let known = false;
  for (;;) {
    const words = await readCommand(reader);
    const command = words[0]?.toUpperCase() ?? '';
    if (command === 'AUTH') known = passwords.includes(words.at(-1)!);
    if (!known && command !== 'PING')
      throw new Error('somebody on loopback who is not the own server wants to copy it');
    if (command === 'PSYNC') return words;
    if (command === 'PING') own.write('+PONG\r\n');
    else if (command === 'AUTH') own.write('+OK\r\n');
    else if (command === 'REPLCONF') {
      source.send(withoutSecondChannel(words));
      own.write(`${await source.reader.line()}\r\n`, 'latin1');
    } else throw new Error(`the own server said "${command}", which is no part of a replica's greeting`);
  }
}

/** A copy over a connection of its own would go past the gate. */
const withoutSecondChannel = (words: readonly string[]): string[] =>
  words.filter((word, index) => word !== 'dual-channel' && words[index + 1] !== 'dual-channel');

/** The next line that says something. Empty ones are signs of life, of which the own server hears too. */
async function skipSigns(reader: SocketReader, own: Duplex): Promise<string> {
  for (;;) {
    const line = await reader.line();
    if (line !== '') return line;
    own.write('\n');
  }
}

/** The beginning of a copy of everything, which shows whether the own server can load it: that drops what it has before it tries. */
async function begin({ own, source, engine }: Handshake): Promise<string> {
  const size = await skipSigns(source.reader, own);
  if (!size.startsWith('$')) throw new Error(`it answers: ${size}`);
  const header = (await source.reader.bytes(headerBytes)).toString('latin1');
  const why = whyNotLoaded(header, engine);
  if (why !== undefined) throw new Error(why);
  return `${size}\r\n${header}`;
}
