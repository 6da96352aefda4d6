import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';

import { locate } from '../home/paths';
import { derivePassword } from '../accounts/derived-password';
import { replicationUserOf } from '../replication-user';
import { openSocket, type SocketTarget } from '../server/socket';
import { createByteReader, type ByteReader } from './byte-reader';
import { readFullResync, readReply, readSnapshot, type ReplicationPoint } from './snapshot';

/** Bound of opening a connection. Milliseconds. */
const connectMs = 5_000;

/** Silence after which a server counts as lost; one that prepares a snapshot gives a sign every 10 s. Milliseconds. */
const silenceMs = 60_000;

/** A snapshot on its way. */
export interface Snapshot extends ReplicationPoint {
  /** An RDB file, read no faster than it is wanted. Rejects where it does not come to its end. */
  readonly content: AsyncIterable<Buffer>;
  readonly close: () => void;
}

/** Whose snapshot, and as whom. */
export interface SnapshotRequest extends SocketTarget {
  /** Ends the transfer. */
  readonly signal: AbortSignal;
}

/**
 * Asks a server for its data as a new replica would. The server forks once and sends from memory, writes nothing to its own disk,
 * and keeps nothing for a replica that wants the snapshot only.
 *
 * Signs in as the replicas of its shard do, whom no server of another shard or another database lets in: an address that is
 * somebody else's by now gives no backup of the wrong data.
 *
 * @throws Error where the server is not reached, or refuses
 */
export async function openSnapshot(request: SnapshotRequest): Promise<Snapshot> {
  const { signal } = request;
  // What ends the connection later is thrown where its bytes are read.
  const socket = await openSocket(request, connectMs);
  const stop = (): void => void socket.destroy(new Error('told to stop'));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  const close = (): void => {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  };
  try {
    const reader = createByteReader(untilSilent(socket));
    await introduce(socket, reader, request);
    send(socket, 'PSYNC', '?', '-1');
    return { ...(await readFullResync(reader)), content: readSnapshot(reader), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Replicas say their user even where nobody is asked for a password, and then take its name for one. */
async function introduce(socket: Socket, reader: ByteReader, { config, home, node }: SnapshotRequest): Promise<void> {
  const { auth } = config;
  const user = replicationUserOf(node.name, config);
  const password =
    auth === 'off'
      ? user
      : derivePassword(config, 'replication', readFileSync(locate(home, auth.replication.passwordFile), 'utf8'));
  send(socket, 'AUTH', user, password);
  await readReply(reader);
  send(socket, 'REPLCONF', 'capa', 'eof', 'capa', 'psync2');
  await readReply(reader);
  send(socket, 'REPLCONF', 'rdb-only', '1');
  // Older engines do not know it, and keep the writes that follow until the connection is closed.
  await readReply(reader).catch((error: unknown) => {
    if (!(error as Error).message.startsWith('the server refuses')) throw error;
  });
}

const send = (socket: Socket, ...words: string[]): void =>
  void socket.write(
    `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`,
  );

async function* untilSilent(socket: Socket): AsyncGenerator<Buffer> {
  const pieces = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  for (;;) {
    const lost = (): void => void socket.destroy(new Error(`the server was silent for ${silenceMs / 1000} s`));
    const timer = setTimeout(lost, silenceMs);
    const next = await pieces.next().finally(() => clearTimeout(timer));
    if (next.done) return;
    yield next.value;
  }
}
