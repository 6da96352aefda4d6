/** Versions that cannot read what those before them write: nothing is replaced, and the status says why. */
import { judge } from '../../../sidecar/health';
import type { SetView } from '../../../sidecar/view-sets';
import { configOf, done, plan, set, viewOf, type Case } from '../support/rollouts';
import { sound } from '../support/views';

const others = [done('s1'), done('s2')];

/** Shard s0 is to become another version; its nodes run what `version` says. */
function given(serverVersion: string, version: string, engine?: 'valkey', rest: Partial<SetView> = {}): Case {
  const template = { agentImage: 'agent', rest: 'servers', serverVersion, alike: { rest: 'others', revisions: [] } };
  const runs = { server: { version: `${version}.3`, ...(engine ? { engine } : {}) } };
  const nodes = { ...sound, 's0-0': { ...sound['s0-0'], ...runs }, 's0-1': { ...sound['s0-1'], ...runs } };
  return { sets: [set('s0', 0, { template, ...rest }), ...others], nodes };
}

test.each([
  [
    'a version before that writes another format',
    given('8.1', '9.1', 'valkey'),
    'valkey 8.1 cannot load what valkey 9.1',
  ],
  ['another engine that does not share the format', given('8.1', '7.4'), 'valkey 8.1 cannot load what redis 7.4'],
])('%s replaces no pod', (_what, unfit, why) => {
  const said = `${why} has written, from a volume or as its replica`;
  expect(plan(unfit)).toEqual([{ do: 'wait', why: `the roll-out of s0 does not begin: ${said}` }]);
  expect(judge(configOf(unfit), viewOf(unfit))).toMatchObject({
    health: 'Warning',
    reasons: [`the roll-out of s0 waits until the spec changes: ${said}`],
  });
});

test.each([
  ['a newer version', given('9.1', '8.1', 'valkey')],
  ['a version before that writes the same', given('8.0', '8.1', 'valkey')],
  ['another engine that shares the format', given('8.1', '7.2')],
  ['a version that nobody here knows', given('10.0', '9.1', 'valkey')],
])('%s is rolled out', (_what, fit) => {
  expect(plan(fit)).toMatchObject([{ do: 'set-partition', set: 's0', partition: 1 }]);
  expect(judge(configOf(fit), viewOf(fit)).reasons).toEqual([]);
});

test('a replica that is ahead of its primary may become again what that is', () => {
  const ahead = given('8.1', '8.1', 'valkey', { updateRevision: 'old', pods: set('s0', 1).pods });
  const nodes = {
    ...ahead.nodes,
    's0-1': { ...sound['s0-1'], server: { version: '9.1.0', engine: 'valkey' as const } },
  };
  expect(plan({ ...ahead, nodes })).toMatchObject([{ do: 'set-partition', set: 's0', partition: 1 }]);
});

test('data in memory only is read by nobody where there is no replica', () => {
  const alone = given('8.1', '9.1', 'valkey');
  const [first] = alone.sets;
  const single = { ...first!, replicas: 1, pods: first!.pods.slice(0, 1), partition: 1 };
  const memory = { ...viewOf(alone), sets: [single, ...others] };
  const config = { ...configOf(alone), persistence: 'off' as const };
  expect(judge(config, memory).reasons.join()).not.toContain('cannot load');
  expect(judge(configOf(alone), memory).reasons.join()).toContain('cannot load');
});
