import { defaultMaxMemory, memoryProblems } from '../../../lib/spec/rules/memory';
import { formatBytes } from '../../../lib/spec/quantity';
import { fc } from '../../chance';

const mebibyte = 2 ** 20;

test.each([
  ['64Mi', '32Mi'],
  ['128Mi', '96Mi'],
  ['256Mi', '192Mi'],
  ['512Mi', '384Mi'],
  ['8Gi', '6Gi'],
])('under a limit of %s a node holds %s of data', (limit, data) => {
  const bytes = Number.parseInt(limit) * (limit.endsWith('Gi') ? 1024 : 1) * mebibyte;
  expect(formatBytes(defaultMaxMemory(bytes))).toBe(data);
});

test('its own default is always allowed, and leaves at least 32Mi and a quarter', () => {
  fc.assert(
    fc.property(fc.integer({ min: 64, max: 1 << 20 }), (mebibytes) => {
      const limit = mebibytes * mebibyte;
      const data = defaultMaxMemory(limit);
      expect(memoryProblems(formatBytes(limit), formatBytes(data))).toEqual([]);
      expect(limit - data).toBeGreaterThanOrEqual(Math.max(32 * mebibyte, limit / 4));
    }),
  );
});

test('refuses data beyond nine tenths of the limit', () => {
  expect(memoryProblems('10Gi', '9Gi')).toEqual([]);
  expect(memoryProblems('10Gi', '9217Mi')).toHaveLength(1);
});
