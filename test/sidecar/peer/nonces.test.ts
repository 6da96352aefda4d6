import { createNonces } from '../../../sidecar/peer/nonces';

test('a nonce is good once, until it is too old to be accepted anyway', () => {
  const nonces = createNonces(1000, 10);
  expect(nonces.use('a', 0)).toBe(true);
  expect(nonces.use('a', 0)).toBe(false);
  expect(nonces.use('a', 999)).toBe(false);
  expect(nonces.use('a', 1000)).toBe(true);
});

test('refuses new ones rather than forget one early', () => {
  const nonces = createNonces(1000, 2);
  expect([nonces.use('a', 0), nonces.use('b', 500), nonces.use('c', 999)]).toEqual([true, true, false]);
  expect(nonces.use('c', 1000)).toBe(true);
  expect(nonces.use('b', 1001)).toBe(false);
});
