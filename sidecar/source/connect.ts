import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectEncrypted, type ConnectionOptions } from 'node:tls';

import type { AgentConfig } from '../../lib/contract/agent-config';
import { paths, tlsFiles } from '../../lib/contract/names';
import { readMemoryFile } from '../home/memory-file';
import { locate } from '../home/paths';
import { encode, readAnswer } from './protocol';
import { createSocketReader, type SocketReader } from './reader';

/** Bound of opening a connection. Milliseconds. */
const connectMs = 5_000;

/** Longest silence of a server that was asked for something; one that prepares a copy gives a sign every 10 s. Milliseconds. */
const silenceMs = 60_000;

/** The primary elsewhere. */
export type Source = NonNullable<AgentConfig['replicaOf']>;

/** A connection to it, signed in. */
export interface SourceConnection {
  readonly socket: Socket;
  readonly reader: SocketReader;
  readonly send: (words: readonly string[]) => void;
  readonly close: () => void;
}

/**
 * Connects to the source where its name leads now, and signs in. Certificates and password are read from their mounted files each time.
 *
 * @param home see {@link locate}
 * @throws Error with what went wrong, in words for the status
 */
export async function openSource(source: Source, home: string): Promise<SourceConnection> {
  const socket = await open(source, home);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 10_000);
  socket.setTimeout(silenceMs, () => socket.destroy(new Error(`it was silent for ${silenceMs / 1000} s`)));
  const reader = createSocketReader(socket);
  const opened: SourceConnection = {
    socket,
    reader,
    send: (words) => void socket.write(encode(words), 'latin1'),
    close: () => void socket.destroy(),
  };
  try {
    await signIn(opened, source, home);
    return opened;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function open({ host, port, tls }: Source, home: string): Promise<Socket> {
  const socket = tls === 'on' ? connectEncrypted({ host, port, ...certificates(host, home) }) : connect({ host, port });
  const late = (): void => void socket.destroy(new Error(`no connection within ${connectMs / 1000} s`));
  const timer = setTimeout(late, connectMs);
  try {
    await once(socket, tls === 'on' ? 'secureConnect' : 'connect');
    return socket;
  } catch (error) {
    socket.destroy();
    throw new Error(messageOf(error), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** Several addresses that all fail are one error, without a message of its own. */
function messageOf(error: unknown): string {
  const causes = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
  return causes.map((cause) => (cause instanceof Error ? cause.message : String(cause))).join('; ');
}

/** A certificate is checked against the name by which the spec knows the source. */
function certificates(host: string, home: string): ConnectionOptions {
  const file = (name: string): Buffer => readFileSync(locate(home, `${paths.tls}/${name}`));
  const { certificate, key, authority } = tlsFiles;
  return {
    ca: file(authority),
    cert: file(certificate),
    key: file(key),
    minVersion: 'TLSv1.2',
    ...(isIP(host) === 0 ? { servername: host } : {}),
  };
}

/** `AUTH` with a name is not known before Redis 6; without one it is `default` that signs in. */
async function signIn({ send, reader }: SourceConnection, { auth }: Source, home: string): Promise<void> {
  if (auth === 'off') return;
  const password = readMemoryFile(locate(home, auth.passwordFile));
  if (password === undefined) throw new Error(`${auth.passwordFile} is not there`);
  send(['AUTH', ...(auth.user === 'default' ? [] : [latin1(auth.user)]), latin1(password)]);
  await readAnswer(reader).catch((error: unknown) => {
    throw new Error(`it does not let "${auth.user}" in: ${(error as Error).message}`);
  });
}

/** Words go over the wire byte by byte. */
const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
