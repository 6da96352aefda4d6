import { changesBetween, effectsIn, only, retold, side } from './sides';

const told = (words: Readonly<Record<string, unknown>>) => retold(side(), words);

test.each([
  ['running', 'hibernated', 'remove', 'the database hibernates: its nodes save and end, and serve nobody'],
  ['hibernated', 'running', 'live', 'the database wakes with all its keys'],
  ['running', 'paused', 'live', 'the agents watch and do nothing'],
  ['paused', 'running', 'live', 'the agents act again'],
] as const)('from %s to %s', (old, now, effect, what) => {
  expect(only(changesBetween(told({ state: old }), told({ state: now })), effect).what).toBe(what);
});

test('nodes are fenced, and freed', () => {
  const one = told({ fenced: ['orders-shard-0-0'] });
  expect(only(changesBetween(side(), one), 'remove').what).toBe(
    'fenced, and no longer serving anybody: orders-shard-0-0',
  );
  expect(only(changesBetween(one, side()), 'live').what).toBe('serving again: orders-shard-0-0');
});

test('primaries that are asked for', () => {
  const asked = told({ primaries: ['orders-shard-0-1'] });
  expect(only(changesBetween(side(), asked), 'live').what).toBe('to be primary from now on: orders-shard-0-1');
  expect(changesBetween(asked, side())).toEqual([]);
});

test('following a primary elsewhere takes the place of data, and letting go of it of nothing', () => {
  const following = told({ replicaOf: { host: 'old.example.org', port: 6379 } });
  expect(only(changesBetween(side(), following), 'refused').what).toBe(
    'the database is to follow old.example.org, and to take no writes: as long as it has data of its own it does neither',
  );
  expect(only(changesBetween(following, side()), 'live').what).toBe(
    'the database no longer follows old.example.org, and takes writes itself',
  );
});

test('whatever else the agents are told restarts nothing', () => {
  const all = changesBetween(side(), told({ minReplicasToWrite: 1, sentinel: { quorum: 3 }, peers: [{ host: 'a' }] }));
  expect(effectsIn(all)).toEqual(['live']);
  expect(only(all, 'live').because).toEqual(['minReplicasToWrite', 'sentinel', 'peers']);
});
