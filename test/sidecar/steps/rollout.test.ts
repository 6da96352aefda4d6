/** Pods of a new revision: one at a time, each only when the one before is sound, and back where one never is. */
import { judge } from '../../../sidecar/health';
import { planDatabase } from '../../../sidecar/plan';
import type { SetView, Trouble } from '../../../sidecar/view-sets';
import { clusterConfig } from '../support/config';
import { configOf, done, plan, pod, set, viewOf } from '../support/rollouts';
import { database, sound } from '../support/views';

const others = [done('s1'), done('s2')];

/** Shard s0 as `sound`, with the roles of its nodes the other way round. */
const swapped = { ...sound, 's0-0': { follows: 's0-1' }, 's0-1': { slots: [[0, 5460]], epoch: 4 } } as const;

describe('between roll-outs', () => {
  test('every StatefulSet is held, so that its next change waits for its turn', () => {
    expect(plan({ sets: [done('s0', { partition: 0 }), ...others] })).toMatchObject([
      { do: 'set-partition', set: 's0', partition: 2, version: 'version of s0' },
    ]);
    expect(plan({ sets: [done('s0'), ...others] })).toEqual([]);
  });

  test('but not one whose newest change nobody has counted yet', () => {
    expect(plan({ sets: [done('s0', { partition: 0, observed: false }), ...others] })).toEqual([]);
  });

  test('without the API nothing is planned', () => {
    expect(planDatabase(database(sound), clusterConfig(3, 1))).toEqual([]);
  });
});

describe('a roll-out', () => {
  const changing = ['s0', 's1', 's2'].map((shard) => set(shard, 0));

  test('begins with the highest ordinal of the first shard, and remembers what ran before', () => {
    expect(plan({ sets: changing })).toMatchObject([{ do: 'set-partition', set: 's0', partition: 1, from: '8.1.0' }]);
  });

  test.each([
    ['is still of the old revision', { revision: 'old' }, 1],
    ['is ending', { ending: true }, 1],
    ['is not ready', { ready: false }, 2],
    ['cannot start', { trouble: { check: 'image', says: 'there is none' } }, 2],
  ])('waits while the pod that is replaced %s', (_why, rest, partition) => {
    const pods = [pod('s0-0', 'old'), pod('s0-1', 'new', rest)];
    expect(plan({ sets: [set('s0', 1, { pods, partition }), ...changing.slice(1)] })).toMatchObject([
      { do: 'wait', why: expect.stringContaining('roll-out: s0-1 is') as string },
    ]);
  });

  test.each([
    ['copies', { server: { linkUp: false } }],
    ['loads', { server: { loading: true } }],
    ['is silent', { down: 'absent' as const }],
    ['has no agent', { agent: false as const }],
  ])('waits while the new node %s', (_why, sketch) => {
    const nodes = { ...sound, 's0-1': { ...sound['s0-1'], ...sketch } };
    const [action] = plan({ sets: [set('s0', 1), ...changing.slice(1)], nodes });
    expect(action?.do).toBe('wait');
  });

  test('waits while any other node is not sound, or slots are not served', () => {
    const ill = { ...sound, 's2-1': { ...sound['s2-1'], server: { linkUp: false } } };
    expect(plan({ sets: changing, nodes: ill })).toEqual([
      { do: 'wait', why: 'roll-out: s0-1 is next, but s2-1 is not sound: it is not in sync with its primary' },
    ]);
  });

  test('holds a set as soon as a pod is made anew, so that nothing else is replaced should the template change again', () => {
    const copying = { ...sound, 's0-1': { ...sound['s0-1'], server: { linkUp: false } } };
    expect(plan({ sets: [set('s0', 1, { partition: 1 }), ...changing.slice(1)], nodes: copying })).toMatchObject([
      { do: 'set-partition', set: 's0', partition: 2, why: 'the next pod waits for its turn' },
    ]);
  });

  test('is one too where pods are to be again what the others are', () => {
    const pods = [pod('s0-0', 'old'), pod('s0-1', 'failed')];
    const back = set('s0', 0, { updateRevision: 'old', pods });
    expect(plan({ sets: [back, ...others] })).toMatchObject([{ do: 'set-partition', set: 's0', partition: 1 }]);
  });

  test('has a primary hand over before it is its turn', () => {
    expect(plan({ sets: [set('s0', 1), ...changing.slice(1)] })).toMatchObject([
      { do: 'failover', node: 's0-1', from: 's0-0', force: false },
    ]);
    expect(plan({ sets: [set('s0', 1), ...changing.slice(1)], nodes: swapped })).toMatchObject([
      { do: 'set-partition', set: 's0', partition: 0, why: 's0-0 is next' },
    ]);
  });

  test('hands over to a node that is still what it was, as long as there is one', () => {
    const nodes = {
      ...sound,
      's0-1': { slots: [[0, 5460]], epoch: 4 },
      's0-0': { follows: 's0-1', server: { offset: 50 } },
      's0-2': { follows: 's0-1', server: { offset: 99 } },
    } as const;
    const sets = [set('s0', 1, {}, 3), ...others];
    expect(plan({ sets, nodes, replicas: 2 })).toMatchObject([{ do: 'failover', node: 's0-0', from: 's0-1' }]);
  });

  test('goes on with the next shard when Kubernetes has counted the one before', () => {
    expect(plan({ sets: [set('s0', 2), ...changing.slice(1)], nodes: swapped })).toEqual([
      { do: 'wait', why: 'roll-out: Kubernetes has not counted the pods of s0 yet' },
    ]);
    expect(plan({ sets: [done('s0'), ...changing.slice(1)] })).toMatchObject([{ set: 's1', partition: 1 }]);
  });

  test('takes as many shards at a time as may have a node away', () => {
    const away = { ...sound, 's0-1': { ...sound['s0-1'], down: 'absent' as const } };
    const sets = [set('s0', 1), ...changing.slice(1)];
    expect(plan({ sets, nodes: away, policy: { maxUnavailable: 2 } })).toMatchObject([{ set: 's1', partition: 1 }]);
    expect(plan({ sets, nodes: away })).toMatchObject([{ do: 'wait' }]);
  });

  test('replaces nodes that cannot read what a newer primary sends: nothing else would mend them', () => {
    const nodes = {
      ...sound,
      's0-2': { slots: [[0, 5460]], epoch: 4 },
      's0-1': { follows: 's0-2' },
      's0-0': { follows: 's0-2', server: { linkUp: false } },
    } as const;
    expect(plan({ sets: [set('s0', 1, {}, 3), ...others], nodes, replicas: 2 })).toMatchObject([
      { set: 's0', partition: 1 },
    ]);
  });

  test('replaces all pods of a shard where none can start: a better image has to reach them', () => {
    const trouble: Trouble = { check: 'image', says: 'there is none' };
    const pods = [pod('s0-0', 'old', { trouble }), pod('s0-1', 'old', { trouble })];
    const nodes = { ...sound, 's0-0': { down: 'absent' }, 's0-1': { down: 'absent' } } as const;
    expect(plan({ sets: [set('s0', 0, { pods }), ...others], nodes })).toMatchObject([{ set: 's0', partition: 0 }]);
  });

  test('replaces everything at once where the spec says so', () => {
    const policy = { strategy: 'Recreate' } as const;
    expect(plan({ sets: changing, policy })).toMatchObject(changing.map(({ name }) => ({ set: name, partition: 0 })));
    const lowered = changing.map((one) => ({ ...one, partition: 0 }));
    expect(plan({ sets: lowered, policy }).map((action) => 'node' in action && action.node)).toEqual(
      Object.keys(sound),
    );
  });

  test('waits for a person before a primary, where the spec says so', () => {
    const policy = { supervised: true };
    const sets = [set('s0', 1), ...changing.slice(1)];
    expect(plan({ sets: changing, policy })).toMatchObject([{ set: 's0', partition: 1 }]);
    expect(plan({ sets, policy })).toEqual([
      { do: 'wait', why: 'roll-out: s0-0 is a primary and waits for: keyspace approve s0' },
    ]);
    const approved = [set('s0', 1, { approvedRevision: 'new' }), ...changing.slice(1)];
    expect(plan({ sets: approved, policy })).toMatchObject([{ do: 'failover' }]);
  });
});

describe('a new pod that is not sound in time', () => {
  const trouble: Trouble = { check: 'start', says: 'CrashLoopBackOff: again' };
  const pods = [pod('s0-0', 'old'), pod('s0-1', 'new', { trouble })];
  const failing = {
    sets: [set('s0', 1, { pods, previousVersion: '8.1.0' }), ...others],
    unsoundMs: { 's0-1': 60_001 },
  };

  test('stops the roll-out and holds every pod back that is as it was', () => {
    expect(plan(failing)).toEqual([
      {
        do: 'stop-rollout',
        set: 's0',
        version: 'version of s0',
        revision: 'new',
        node: 's0-1',
        ...trouble,
        back: true,
      },
    ]);
    expect(plan({ ...failing, unsoundMs: { 's0-1': 60_000 } })).toMatchObject([{ do: 'wait' }]);
  });

  const stopped = { revision: 'new', node: 's0-1', ...trouble, back: true, log: 'no such file' };

  test('is made anew as it was before; then nothing is done until something else is asked for', () => {
    const held = (rest: Partial<SetView>) => [set('s0', 0, { stopped, ...rest }), ...others];
    expect(plan({ sets: held({ pods }) })).toMatchObject([{ do: 'replace-pod', node: 's0-1', uid: pods.at(-1)!.uid }]);
    const back = held({ pods: [pod('s0-0', 'old'), pod('s0-1', 'old')] });
    expect(plan({ sets: back })).toEqual([{ do: 'wait', why: 'the roll-out of s0 has stopped' }]);
    expect(plan({ sets: held({ updateRevision: 'newer' }) })).toMatchObject([{ do: 'set-partition', partition: 1 }]);
  });

  test('is what the status warns of', () => {
    const given = { sets: [set('s0', 0, { stopped }), ...others] };
    expect(judge(configOf(given), viewOf(given))).toMatchObject({
      health: 'Warning',
      reasons: [
        'the roll-out of s0 has stopped until the spec changes: s0-1 failed "start" and is what it was again: CrashLoopBackOff: again; its log: no such file',
      ],
    });
  });

  test('stays where its primary is of a version by now whose files the old one cannot read', () => {
    const late = {
      nodes: { ...swapped, 's0-0': { ...swapped['s0-0'], down: 'absent' as const } },
      unsoundMs: { 's0-0': 60_001 },
    };
    const partitionFrom = (previousVersion: string) => {
      const given = { ...late, sets: [set('s0', 2, { previousVersion }), ...others] };
      const view = viewOf(given);
      const config = { ...configOf(given), engine: { name: 'valkey', version: '9.1' } } as const;
      return planDatabase(view, config);
    };
    expect(partitionFrom('8.1.4')).toMatchObject([{ do: 'stop-rollout', node: 's0-0', back: false }]);
    expect(partitionFrom('9.1.0')).toMatchObject([{ do: 'stop-rollout', node: 's0-0', back: true }]);
  });
});

describe('a module that comes with a new template', () => {
  const agent = { missingModules: ['/modules/search.so'] };
  const changing = ['s1', 's2'].map((shard) => set(shard, 0));

  test('is missing in all that ran before, and its roll-out begins all the same', () => {
    const nodes = Object.fromEntries(Object.entries(sound).map(([name, sketch]) => [name, { ...sketch, agent }]));
    expect(plan({ sets: [set('s0', 0), ...changing], nodes })).toMatchObject([{ do: 'set-partition', set: 's0' }]);
  });

  test('stops the roll-out where a new pod has not loaded it', () => {
    const nodes = { ...sound, 's0-1': { ...sound['s0-1'], agent } };
    const [stop] = plan({ sets: [set('s0', 1), ...changing], nodes, unsoundMs: { 's0-1': 61_000 } });
    expect(stop).toMatchObject({
      do: 'stop-rollout',
      node: 's0-1',
      check: 'modules',
      says: 'it has not loaded /modules/search.so',
    });
  });
});
