import fc from 'fast-check';

import { createReplies, Refusal, type Reply } from '../../../sidecar/server/replies';

const bytes = fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array));
const line = fc.string({ maxLength: 20 }).filter((text) => !/[\r\n]/.test(text));

const { reply } = fc.letrec<{ reply: Reply }>((tie) => ({
  reply: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    bytes,
    fc.integer(),
    fc.constant(null),
    line.map((text) => new Refusal(text)),
    fc.array(tie('reply'), { maxLength: 5 }),
  ),
}));

/** As a server writes it. */
function write(one: Reply): Buffer {
  if (one === null) return Buffer.from('$-1\r\n');
  if (typeof one === 'number') return Buffer.from(`:${one}\r\n`);
  if (one instanceof Refusal) return Buffer.from(`-${one.message}\r\n`, 'latin1');
  if (Buffer.isBuffer(one)) return Buffer.concat([Buffer.from(`$${one.length}\r\n`), one, Buffer.from('\r\n')]);
  return Buffer.concat([Buffer.from(`*${one.length}\r\n`), ...one.map(write)]);
}

/** To compare: errors are equal whatever they say. */
const plain = (one: Reply | undefined): unknown => {
  if (one instanceof Refusal) return `- ${Buffer.from(one.message, 'latin1').toString('latin1')}`;
  if (Buffer.isBuffer(one)) return `$ ${one.toString('hex')}`;
  return Array.isArray(one) ? one.map((each: Reply) => plain(each)) : one;
};

/** As it comes over the wire: every letter is a byte. */
const overTheWire = (one: Reply): Reply => {
  if (one instanceof Refusal) return new Refusal(Buffer.from(one.message, 'latin1').toString('latin1'));
  return Array.isArray(one) ? one.map((each: Reply) => overTheWire(each)) : one;
};

test('replies come out as they were written, however they were cut on their way', () => {
  fc.assert(
    fc.property(fc.array(reply, { maxLength: 6 }), fc.array(fc.integer({ min: 1, max: 40 })), (all, cuts) => {
      const wire = Buffer.concat(all.map(write));
      const replies = createReplies();
      const found: (Reply | undefined)[] = [];
      let from = 0;
      for (const length of [...cuts, wire.length]) {
        replies.add(wire.subarray(from, from + length));
        from = Math.min(wire.length, from + length);
        for (let next = replies.next(); next !== undefined; next = replies.next()) found.push(next);
      }
      expect(found.map(plain)).toEqual(all.map(overTheWire).map(plain));
    }),
  );
});

test('a text that was said plainly', () => {
  const replies = createReplies();
  replies.add(Buffer.from('+OK\r\n+NOKEY\r'));
  expect(String(replies.next())).toBe('OK');
  expect(replies.next()).toBeUndefined();
  replies.add(Buffer.from('\n'));
  expect(String(replies.next())).toBe('NOKEY');
});

test('what is no reply is an error', () => {
  const replies = createReplies();
  replies.add(Buffer.from('HTTP/1.1 400 Bad Request\r\n'));
  expect(() => replies.next()).toThrow('this is no reply of a server');
});
