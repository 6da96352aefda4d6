/** New agents in pods that run: one at a time, no server restarts, and back where one does not come up. */
import { judge } from '../../../sidecar/health';
import type { AgentContainerView, PodView, SetView } from '../../../sidecar/view-sets';
import { configOf, done, plan, pod, set, viewOf } from '../support/rollouts';
import { sound } from '../support/views';

const alike = { rest: 'servers', revisions: ['old'] };
const template = { agentImage: 'agent:2', rest: 'servers', alike } as const;

const agent = (rest: Partial<AgentContainerView> = {}): AgentContainerView => ({
  image: 'agent:1',
  id: 'one',
  ...rest,
});
const renewed = (rest: Partial<AgentContainerView> = {}) =>
  agent({ image: 'agent:2', id: 'two', before: { image: 'agent:1', id: 'one' }, ...rest });

/** Shard s0 whose template has another agent; every pod as it was unless told. */
const behind = (pods: Readonly<Record<string, Partial<PodView>>> = {}, rest: Partial<SetView> = {}): SetView =>
  set('s0', 0, {
    template: { ...template, alike: { ...alike, revisions: ['old', 'new'] } },
    pods: ['s0-0', 's0-1'].map((name) => pod(name, 'old', { agent: agent(), ...pods[name] })),
    ...rest,
  });

const others = ['s1', 's2'].map((shard) =>
  done(shard, { template: { ...template, alike: { rest: 'servers', revisions: ['new'] } } }),
);

const planned = (first: SetView, more: Partial<Parameters<typeof plan>[0]> = {}) =>
  plan({ sets: [first, ...others], ...more });

describe('what a revision is beside its agent', () => {
  const noted = (first: SetView) => planned(first);

  test('is noted once nothing is rolled out', () => {
    expect(noted(done('s0', { template: { agentImage: 'agent:1', rest: 'servers' } }))).toMatchObject([
      { do: 'note-template', set: 's0', version: 'version of s0', alike: { rest: 'servers', revisions: ['new'] } },
    ]);
  });

  test('is noted of one more where that alone has changed', () => {
    expect(noted(behind({}, { template }))).toMatchObject([
      { do: 'note-template', alike: { rest: 'servers', revisions: ['old', 'new'] } },
    ]);
  });

  test('is not noted of one that is rolled out and may be taken back', () => {
    const [action] = noted(behind({}, { template: { ...template, rest: 'other servers' } }));
    expect(action).toMatchObject({ do: 'set-partition', set: 's0', partition: 1 });
  });

  test('is not guessed before Kubernetes has counted it', () => {
    expect(noted(done('s0', { observed: false, template: { agentImage: 'agent:1', rest: 'servers' } }))).toEqual([]);
  });
});

test('the image is changed in the pod that runs, from the highest ordinal down', () => {
  expect(planned(behind())).toEqual([
    {
      do: 'renew-agent',
      node: 's0-1',
      uid: 's0-1 of old',
      image: 'agent:2',
      before: { image: 'agent:1', id: 'one' },
      why: 'its server goes on',
    },
  ]);
});

test.each([
  ['the one before still runs', renewed({ id: 'one' }), {}, 'the one before has not ended yet'],
  ['it does not run', renewed({ trouble: 'CrashLoopBackOff: ' }), {}, 'CrashLoopBackOff: '],
  ['it does not answer', renewed(), { agent: false as const }, 'its agent does not answer'],
])('the next waits while %s', (_what, changed, sketch, says) => {
  const nodes = { ...sound, 's0-1': { ...sound['s0-1'], ...sketch } };
  expect(planned(behind({ 's0-1': { agent: changed } }), { nodes })).toEqual([
    { do: 'wait', why: `new agents: s0-1 has its own, and is not sound yet: ${says}` },
  ]);
});

test('a pod whose new agent is well counts as new, and then the next has its turn', () => {
  expect(planned(behind({ 's0-1': { agent: renewed() } }))).toEqual([
    { do: 'adopt-revision', node: 's0-1', uid: 's0-1 of old', revision: 'new' },
  ]);
  expect(planned(behind({ 's0-1': { revision: 'new', agent: agent({ image: 'agent:2', id: 'two' }) } }))).toMatchObject(
    [{ do: 'renew-agent', node: 's0-0' }],
  );
});

test('a pod that has the agent already only counts anew', () => {
  const same = { agent: agent({ image: 'agent:2' }) };
  expect(planned(behind({ 's0-0': same }))).toMatchObject([{ do: 'adopt-revision', node: 's0-0' }]);
});

test('waits while another node is not sound, and begins with one that a new agent may heal', () => {
  const ill = { linkUp: false };
  const elsewhere = { ...sound, 's2-1': { ...sound['s2-1'], server: ill } };
  expect(planned(behind(), { nodes: elsewhere })).toEqual([
    { do: 'wait', why: 'new agents: s0-1 is next, but s2-1 is not sound' },
  ]);
  const here = { ...sound, 's0-0': { ...sound['s0-0'], agent: false as const } };
  expect(planned(behind(), { nodes: here })).toMatchObject([{ do: 'renew-agent', node: 's0-0' }]);
});

test('one that does not come up in time is taken back in place, and nothing else is touched', () => {
  const failing = behind({ 's0-1': { agent: renewed({ trouble: 'ErrImagePull: none' }) } });
  const [stop] = planned(failing, { unsoundMs: { 's0-1': 61_000 } });
  expect(stop).toMatchObject({
    do: 'stop-rollout',
    set: 's0',
    node: 's0-1',
    check: 'agent',
    says: 'ErrImagePull: none',
    back: true,
  });
  const stopped = { revision: 'new', node: 's0-1', check: 'agent', says: 'ErrImagePull: none', back: true, log: '' };
  expect(planned({ ...failing, stopped })).toEqual([
    { do: 'renew-agent', node: 's0-1', uid: 's0-1 of old', image: 'agent:1', why: 'it is to be what it was before' },
  ]);
  const taken = { ...behind(), stopped };
  const alsoBehind = behind(
    {},
    { name: 's1', shard: 's1', pods: ['s1-0', 's1-1'].map((name) => pod(name, 'old', { agent: agent() })) },
  );
  expect(plan({ sets: [taken, alsoBehind, others[1]!] })).toEqual(planned(taken));
  expect(planned(taken)).toEqual([{ do: 'wait', why: 'the roll-out of s0 has stopped' }]);
  const view = viewOf({ sets: [taken, ...others] });
  expect(judge(configOf({ sets: [] }), view).reasons.join()).toContain('s0-1 failed "agent" and is what it was again');
});

test('a spec that changes again is heeded at once, and what ran before all that is remembered', () => {
  const first = behind({ 's0-1': { agent: renewed() } });
  const again = { ...first, template: { ...first.template!, agentImage: 'agent:3' } };
  expect(planned(again)).toMatchObject([
    { do: 'renew-agent', node: 's0-1', image: 'agent:3', before: { image: 'agent:1', id: 'two' } },
  ]);
});

test('where anything else of a template differs, pods are replaced as ever', () => {
  const both = behind({}, { template: { ...template, rest: 'other servers' } });
  expect(planned(both)).toMatchObject([{ do: 'set-partition' }]);
  const strange = behind({ 's0-0': { revision: 'older' } });
  expect(planned(strange)).toMatchObject([{ do: 'set-partition' }]);
});
