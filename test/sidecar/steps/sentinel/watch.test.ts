/** What the agent beside a Sentinel does with it. */
import { planSentinel } from '../../../../sidecar/plan-sentinel';
import { isWhole } from '../../../../sidecar/steps/sentinel/whole';
import type { DatabaseView, OwnSentinelView, SentinelView } from '../../../../sidecar/view';
import { addressOf } from '../../support/replicated-views';
import { config, ownSentinel, watched, watchOf } from '../../support/watched-views';

const plan = (seen: DatabaseView, rest: Partial<OwnSentinelView> = {}) =>
  planSentinel(ownSentinel('w-0', seen, rest), config);
const wait = (why: string) => [{ do: 'wait', why }];

/** It runs and watches nobody. */
const fresh = (seen: DatabaseView): SentinelView => {
  const { name, id, state, reason } = seen.sentinels![0]!;
  return { name, id, state, reason };
};

const elsewhere = { ip: 'an old address', client: 1 };

test('a Sentinel that is as it should be is left alone', () => {
  expect(plan(watched())).toEqual([]);
});

test('a Sentinel starts once it is known whom it lets in', () => {
  const seen = watched({ 'w-0': false });
  expect(plan(seen)).toMatchObject([{ do: 'permit', node: 'w-0', start: 'this start' }]);
  expect(plan(seen, { accounts: { state: 'unclear', reason: 'no password' } })).toEqual(wait('held: no password'));
});

test('it watches the primary of the record, and nobody while there is none', () => {
  const seen = watched();
  expect(plan(seen, { own: fresh(seen) })).toEqual([
    { do: 'monitor', node: 'w-0', primary: 's0-0', at: addressOf('s0-0') },
  ]);
  const without = watched({}, { 's0-0': { down: 'absent' } });
  expect(plan(without, { own: fresh(without) })).toEqual(wait('nobody is primary yet'));
});

test('it is told what the configuration says, and who is let in', () => {
  expect(plan(watched({ 'w-0': { quorum: 3 } }))).toEqual([{ do: 'configure', node: 'w-0' }]);
  expect(plan(watched(), { accounts: { state: 'changed' } })).toEqual([{ do: 'set-accounts', node: 'w-0' }]);
});

describe('a Sentinel that holds another for the primary', () => {
  test('hears as from another Sentinel who is, so that it forgets nobody', () => {
    const [known] = watchOf('w-0').sentinels;
    expect(plan(watched({ 'w-0': { at: addressOf('s0-1') }, 'w-2': { epoch: 7 } }))).toEqual([
      {
        do: 'redirect',
        node: 'w-0',
        primary: 's0-0',
        at: addressOf('s0-0'),
        epoch: 8,
        as: { id: known!.id, at: known!.at },
      },
    ]);
  });

  test('watches anew where it knows no other, after a while', () => {
    const alone = watched({ 'w-0': { at: elsewhere, sentinels: [] } });
    expect(plan(alone, { strayMs: 2999 })).toEqual(wait('it holds another for the primary'));
    const [action] = plan(alone, { strayMs: 3000 });
    expect(action).toMatchObject({ do: 'redirect', node: 'w-0', primary: 's0-0' });
    expect(action).not.toHaveProperty('as');
  });

  test('is left alone while what it decided is on its way to the record', () => {
    const decided = wait('the Sentinels have decided, and the record does not say so yet');
    const chosen = { at: addressOf('s0-1') };
    expect(plan(watched({ 'w-0': chosen }, { 's0-1': { server: { role: 'primary' } } }))).toEqual(decided);
    expect(plan(watched({ 'w-0': chosen, 'w-1': { changing: true } }))).toEqual(decided);
  });

  test('is left alone while the primary of the record does not answer: it is about to be replaced', () => {
    expect(plan(watched({ 'w-0': { at: addressOf('s0-1') } }, { 's0-0': { down: 'unreachable' } }))).toEqual([]);
  });
});

describe('a Sentinel that lists somebody who is not of the database', () => {
  const ghost = { ...watchOf('w-0'), replicas: [...watchOf('w-0').replicas, { at: elsewhere, down: true }] };
  const old = { ghostsMs: 10_000 };

  test('learns anew who is there, after a while', () => {
    expect(plan(watched({ 'w-0': ghost }), { ghostsMs: 9999 })).toEqual([]);
    expect(plan(watched({ 'w-0': ghost }), old)).toEqual([
      { do: 'reset', node: 'w-0', why: 'an old address:1 is not of this database' },
    ]);
  });

  test('waits for its turn, and for every other to know all', () => {
    const seen = watched({ 'w-0': ghost, 'w-1': ghost });
    expect(planSentinel(ownSentinel('w-1', seen, old), config)).toEqual([]);
    const notWhole = wait('another Sentinel is not whole');
    expect(plan(watched({ 'w-0': ghost, 'w-1': { replicas: [] } }), old)).toEqual(notWhole);
    expect(plan(watched({ 'w-0': ghost, 'w-1': { sentinels: [] } }), old)).toEqual(notWhole);
    expect(plan(watched({ 'w-0': ghost, 'w-2': false }), old)).toEqual(notWhole);
  });

  test('forgets nobody while the primary is lost or replaced', () => {
    expect(plan(watched({ 'w-0': { ...ghost, lost: true } }), old)).toEqual([]);
    expect(plan(watched({ 'w-0': ghost, 'w-1': { changing: true } }), old)).toEqual([]);
  });
});

test('a pod that ends is let go, in a pause too, and in the middle of a failover after a while', () => {
  const release = [{ do: 'release', node: 'w-0', why: 'the other Sentinels watch' }];
  expect(plan(watched(), { stopping: true, paused: true })).toEqual(release);
  const leading = watched({ 'w-0': { changing: true } });
  expect(plan(leading, { stopping: true, stoppingMs: 9999 })).toEqual(wait('ending: it carries a failover out'));
  expect(plan(leading, { stopping: true, stoppingMs: 10_000 })).toEqual(release);
});

test('nothing else is done in a pause', () => {
  expect(plan(watched({ 'w-0': { quorum: 3 } }), { paused: true })).toEqual([]);
});

test('clients may ask a Sentinel that is in touch with a majority', () => {
  const ready = (seen: DatabaseView) => isWhole(ownSentinel('w-0', seen), config);
  expect(ready(watched())).toEqual({ ready: true, reason: 'ready' });
  const alone = watchOf('w-0').sentinels.map((one) => ({ ...one, down: true }));
  expect(ready(watched({ 'w-0': { sentinels: alone } }))).toEqual({
    ready: false,
    reason: 'the Sentinel is not in touch with a majority yet',
  });
});
