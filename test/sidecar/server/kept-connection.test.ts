/** Which password opens a connection while servers do not agree on one. */
import { EventEmitter } from 'node:events';

import type Redis from 'ioredis';

import { keepConnection } from '../../../sidecar/server/kept-connection';

/** A connection that is refused like this, or opens. */
function attempt(tried: string[], name: string, refusal?: string) {
  return (): Redis => {
    const redis = Object.assign(new EventEmitter(), {
      status: 'wait',
      connect() {
        tried.push(name);
        if (refusal === undefined) redis.status = 'ready';
        return refusal === undefined ? Promise.resolve() : Promise.reject(new Error(refusal));
      },
      disconnect: () => undefined,
      name,
    });
    return redis as unknown as Redis;
  };
}

const wrongPassword = 'WRONGPASS invalid username-password pair or user is disabled.';

async function openWith(...refusals: (string | undefined)[]) {
  const tried: string[] = [];
  const makes = refusals.map((refusal, index) => attempt(tried, `password ${index}`, refusal));
  const kept = keepConnection(
    () => Promise.resolve(makes),
    1000,
    () => undefined,
  );
  const result = await kept.open().then(
    (redis) => (redis as unknown as { name: string }).name,
    (error: unknown) => String(error),
  );
  return { tried, result };
}

test('a server that does not know a password is told the next', async () => {
  expect(await openWith(wrongPassword, undefined)).toEqual({
    tried: ['password 0', 'password 1'],
    result: 'password 1',
  });
});

test('one that knows the first is told no other', async () => {
  expect(await openWith(undefined, undefined)).toEqual({ tried: ['password 0'], result: 'password 0' });
});

test('one that knows none says so, and one that is not there is asked once', async () => {
  expect((await openWith(wrongPassword, wrongPassword)).result).toContain('WRONGPASS');
  expect(await openWith('connect ECONNREFUSED', undefined)).toEqual({
    tried: ['password 0'],
    result: 'Error: connect ECONNREFUSED',
  });
});
