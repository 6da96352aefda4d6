/** What a server sends to a replica that has nothing yet: https://valkey.io/topics/replication/ */
import type { ByteReader } from './byte-reader';

/** A moment in a primary's stream of writes. */
export interface ReplicationPoint {
  readonly replicationId: string;
  readonly offset: number;
}

/** While a server prepares the snapshot it sends empty lines, so that nobody takes it for dead. */
async function nextLine(reader: ByteReader): Promise<string> {
  for (;;) {
    const line = await reader.line();
    if (line !== '') return line;
  }
}

/**
 * Reads the answer to a simple command.
 *
 * @throws Error with what the server says where it refuses
 */
export async function readReply(reader: ByteReader): Promise<string> {
  const line = await nextLine(reader);
  if (line.startsWith('-')) throw new Error(`the server refuses: ${line.slice(1)}`);
  return line;
}

/**
 * Reads the answer to `PSYNC ? -1`.
 *
 * @throws Error with what the server says where it does not send everything
 */
export async function readFullResync(reader: ByteReader): Promise<ReplicationPoint> {
  const line = await readReply(reader);
  const [, replicationId, offset] = /^\+FULLRESYNC (\w+) (\d+)$/.exec(line) ?? [];
  if (replicationId === undefined) throw new Error(`expected "+FULLRESYNC ID OFFSET" from the server, got "${line}"`);
  return { replicationId, offset: Number(offset) };
}

/**
 * Reads the snapshot that follows, an RDB file. Its length is announced, or, where the server has not written it to disk first,
 * a mark of 40 random bytes that comes after it.
 *
 * @throws Error where the connection ends before the snapshot does
 */
export async function* readSnapshot(reader: ByteReader): AsyncGenerator<Buffer> {
  const header = await readReply(reader);
  const [, length, mark] = /^\$(?:(\d+)|EOF:(.{40}))$/.exec(header) ?? [];
  if (mark !== undefined) yield* readToMark(reader, Buffer.from(mark, 'latin1'));
  else if (length !== undefined) yield* readLength(reader, Number(length));
  else throw new Error(`expected "$LENGTH" or "$EOF:MARK" from the server, got "${header}"`);
}

async function* readLength(reader: ByteReader, length: number): AsyncGenerator<Buffer> {
  for (let left = length; left > 0;) {
    const bytes = await reader.take(left);
    if (!bytes) throw new Error(`the server closed the connection ${left} of ${length} bytes before the end`);
    left -= bytes.length;
    yield bytes;
  }
}

async function* readToMark(reader: ByteReader, mark: Buffer): AsyncGenerator<Buffer> {
  let total = 0;
  /** May be the beginning of the mark. */
  let held: Buffer = Buffer.alloc(0);
  for (;;) {
    const bytes = await reader.take();
    if (!bytes) throw new Error(`the server closed the connection after ${total} bytes, before the end`);
    const seen = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    const end = seen.indexOf(mark);
    const certain = seen.subarray(0, end < 0 ? Math.max(0, seen.length - mark.length + 1) : end);
    total += certain.length;
    if (certain.length > 0) yield certain;
    if (end >= 0) return;
    held = seen.subarray(certain.length);
  }
}
