/** What a server sends, cut into pieces at any place, is read as the same snapshot. */

import { createByteReader } from '../../../sidecar/backup/byte-reader';
import { readFullResync, readReply, readSnapshot } from '../../../sidecar/backup/snapshot';
import { fc } from '../../chance';

const id = 'f'.repeat(40);
const mark = '8f3a5d0c7be14296a0d4c8f7e1b35926d07ac4e1';

/** Cuts bytes where told, and gives the pieces one by one. */
async function* cut(bytes: Buffer, places: readonly number[]): AsyncGenerator<Buffer> {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let from = 0;
  for (const end of ends) {
    if (end === from) continue;
    yield await Promise.resolve(bytes.subarray(from, end));
    from = end;
  }
}

async function read(bytes: Buffer, places: readonly number[] = []) {
  const reader = createByteReader(cut(bytes, places));
  const point = await readFullResync(reader);
  const pieces: Buffer[] = [];
  for await (const piece of readSnapshot(reader)) pieces.push(piece);
  return { point, content: Buffer.concat(pieces), next: await reader.take() };
}

const reply = (...parts: (string | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));

const places = fc.array(fc.nat(2000), { maxLength: 40 });
const waiting = fc.nat(5).map((count) => '\n'.repeat(count));
/** With beginnings of the mark in it. */
const content = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
      fc.nat(39).map((end) => reply(mark.slice(0, end))),
    ),
  )
  .map((parts) => Buffer.concat(parts));

const begin = `+FULLRESYNC ${id} 4711\r\n`;

test('a snapshot that ends with a mark is read whole, wherever the pieces are cut', () =>
  fc.assert(
    fc.asyncProperty(content, waiting, places, async (sent, silence, cuts) => {
      const bytes = reply(silence, begin, silence, `$EOF:${mark}\r\n`, sent, mark);
      const got = await read(bytes, cuts);
      expect(got.point).toEqual({ replicationId: id, offset: 4711 });
      expect(got.content.equals(sent)).toBe(true);
    }),
  ));

test('a snapshot of announced length is read whole, and not a byte of what follows', () =>
  fc.assert(
    fc.asyncProperty(content, waiting, places, async (sent, silence, cuts) => {
      const bytes = reply(begin, silence, `$${sent.length}\r\n`, sent, '*1\r\n$4\r\nPING\r\n');
      const got = await read(bytes, cuts);
      expect(got.content.equals(sent)).toBe(true);
      expect(got.next?.subarray(0, 1).toString()).toBe('*');
    }),
  ));

test('a snapshot that is cut short is never taken for a whole one', () =>
  fc.assert(
    fc.asyncProperty(content, fc.boolean(), fc.nat(), places, async (sent, marked, short, cuts) => {
      const body = marked ? reply(sent, mark) : sent;
      fc.pre(body.length > 0);
      const bytes = reply(begin, marked ? `$EOF:${mark}\r\n` : `$${sent.length}\r\n`, body);
      const left = bytes.subarray(0, bytes.length - 1 - (short % body.length));
      await expect(read(left, cuts)).rejects.toThrow('the server closed the connection');
    }),
  ));

test.each([
  ["-NOMASTERLINK Can't SYNC while not connected with my master\r\n", 'the server refuses: NOMASTERLINK'],
  ['+CONTINUE\r\n', 'expected "+FULLRESYNC ID OFFSET" from the server, got "+CONTINUE"'],
  [`${begin}$EOF:short\r\n`, 'expected "$LENGTH" or "$EOF:MARK" from the server, got "$EOF:short"'],
  [`${begin}-ERR out of memory\r\n`, 'the server refuses: ERR out of memory'],
  ['+FULLRESYNC', 'the server closed the connection'],
])('what is no snapshot is an error: %j', async (bytes, problem) => {
  await expect(read(Buffer.from(bytes))).rejects.toThrow(problem);
});

test('a line without an end is not kept', async () => {
  await expect(read(Buffer.from('x'.repeat(10_000)), [100, 5000])).rejects.toThrow('a line is longer than 4096 bytes');
});

test('a refusal is an error with what the server says', async () => {
  const reader = createByteReader(cut(Buffer.from('+OK\r\n-WRONGPASS invalid\r\n'), [3]));
  expect(await readReply(reader)).toBe('+OK');
  await expect(readReply(reader)).rejects.toThrow('the server refuses: WRONGPASS invalid');
});
