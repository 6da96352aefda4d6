import { formatBytes, parseQuantity } from '../../../lib/spec/quantity';
import { fc } from '../../chance';

test.each([
  ['1', 1],
  ['500m', 0.5],
  ['1.5', 1.5],
  ['1k', 1000],
  ['64Mi', 64 * 1024 * 1024],
  ['1.5Gi', 1.5 * 1024 ** 3],
  ['2G', 2_000_000_000],
  ['1Pi', 1024 ** 5],
])('reads %s as %d', (text, amount) => {
  expect(parseQuantity(text)).toBe(amount);
});

test.each(['', '0', '0Mi', '-1', '1mb', '1KB', '1 Gi', 'Gi', '.5', '1.', '1e3', '1Mii', 'one'])(
  'reads %p as no quantity',
  (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  },
);

test('writes bytes so that reading them gives the same number', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 48 }), (bytes) => {
      expect(parseQuantity(formatBytes(bytes))).toBe(bytes);
    }),
  );
});

test('writes bytes in the largest unit that is exact', () => {
  expect(formatBytes(192 * 2 ** 20)).toBe('192Mi');
  expect(formatBytes(2 ** 30 + 1)).toBe('1073741825');
});
