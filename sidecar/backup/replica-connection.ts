import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { connect as connectEncrypted } from 'node:tls';

import type { AgentConfig, NodeConfig } from '../../lib/contract/agent-config';
import { locate } from '../home/paths';
import { derivePassword } from '../accounts/derived-password';
import { replicationUserOf } from '../replication-user';
import { encryption } from '../server/connection';
import type { Address } from '../view';
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
export interface SnapshotRequest {
  readonly config: AgentConfig;
  /** Folder of the agent's files, see `locate`. */
  readonly home: string;
  readonly node: NodeConfig;
  readonly at: Address;
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
  const socket = await open(request);
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

async function open({ config, home, node, at }: SnapshotRequest): Promise<Socket> {
  const { tls } = encryption(config, home, node);
  const place = { host: at.ip, port: at.client };
  const socket = tls ? connectEncrypted({ ...place, ...tls }) : connect(place);
  const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${connectMs / 1000} s`)), connectMs);
  try {
    await once(socket, tls ? 'secureConnect' : 'connect');
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  // What ends the connection later is thrown where its bytes are read.
  socket.on('error', () => undefined);
  return socket;
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
