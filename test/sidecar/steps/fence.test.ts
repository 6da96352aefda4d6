/** A node that is fenced: how its server ends, and that it does not start. */
import { judge } from '../../../sidecar/health';
import { planNode } from '../../../sidecar/plan';
import { judgeReadiness } from '../../../sidecar/readiness';
import { begin } from '../../../sidecar/steps/replication/begin';
import { whyNotFence } from '../../../sidecar/commands/fence';
import type { NodeView, OwnView } from '../../../sidecar/view';
import { clusterConfig } from '../support/config';
import { meshView, ownMeshView } from '../support/mesh';
import { config as replicated, copies, ownCopy, record, type CopySketch } from '../support/replicated-views';
import { plan, set } from '../support/rollouts';
import { database, ownView, sound, type Sketch } from '../support/views';

const config = clusterConfig(3, 1);
const fenced = 'the spec says so';
const mark = { fenced, told: true, fencingMs: 100 } as const;
const shutDown = (node: string, why: string) => [{ do: 'shut-down', node, why }];

/** What a fenced node of a cluster does. */
function fence(name: string, others: Readonly<Record<string, Sketch>> = {}, rest: Partial<OwnView> = {}) {
  const self: Sketch = { ...sound[name], ...others[name], ending: true };
  return planNode(ownView(database({ ...sound, ...others, [name]: self }), name, { ...mark, ...rest }), config);
}

describe('a server of a fenced node that runs', () => {
  test('ends where it is a replica', () => {
    expect(fence('s1-1')).toEqual(shutDown('s1-1', 'it is fenced: the spec says so; another node serves its slots'));
  });

  test('hands over first where it is a primary', () => {
    expect(fence('s1-0')).toEqual([{ do: 'failover', node: 's1-1', id: 's1-1', from: 's1-0', force: false }]);
  });

  test('has the others told before anything else', () => {
    expect(fence('s1-0', {}, { told: false })).toEqual([{ do: 'tell-ending', node: 's1-0' }]);
  });

  test('waits for a replica that is not in sync, and not for ever', () => {
    const behind = { 's1-1': { follows: 's1-0', server: { linkUp: false } } };
    expect(fence('s1-0', behind)).toEqual([{ do: 'wait', why: 'to be fenced: no replica is in sync to take over' }]);
    expect(fence('s1-0', behind, { fencingMs: 30_001 })).toEqual(
      shutDown('s1-0', 'it is fenced, and nobody could take over within 30 s'),
    );
  });

  test('waits for nobody where all of its shard are fenced', () => {
    expect(fence('s1-0', { 's1-1': { follows: 's1-0', ending: true } })).toEqual(
      shutDown('s1-0', 'it is fenced: the spec says so; every node that could take over is ending too'),
    );
  });

  test('ends at once while it loads its data', () => {
    expect(fence('s1-0', { 's1-0': { ...sound['s1-0'], server: { loading: true } } })).toEqual(
      shutDown('s1-0', 'it is fenced: the spec says so'),
    );
  });

  test('lets its pod end where that is asked for', () => {
    expect(fence('s1-1', {}, { stopping: true, stoppingMs: 100 })).toMatchObject([{ do: 'release' }]);
  });
});

describe('a server of a fenced node that does not run', () => {
  const held = { 's1-0': { ...sound['s1-0'], down: 'absent' as const } };
  const start = { start: 'this start', heldMs: 60_000 };

  test('gets no permit', () => {
    const replica = { 's1-1': { ...sound['s1-1'], down: 'absent' as const } };
    expect(fence('s1-1', replica, start)).toEqual([{ do: 'wait', why: 'fenced: the spec says so' }]);
    expect(fence('s1-1', replica, { ...start, permitted: true })).toMatchObject([{ do: 'wait' }]);
  });

  test('is replaced first where it was a primary', () => {
    const heir = { 's1-1': { ...sound['s1-1'], server: { linkUp: false } } };
    expect(fence('s1-0', { ...held, ...heir }, { start: 'this start', heldMs: 100 })).toMatchObject([
      { do: 'failover', node: 's1-1', force: true },
    ]);
  });
});

describe('of a primary and its replicas', () => {
  const seen = (sketches: Readonly<Record<string, CopySketch>> = {}) => copies(sketches);

  test('the primary hands over, and a replica ends', () => {
    const primary = ownCopy('s0-0', seen({ 's0-0': { ending: true } }), mark);
    expect(planNode(primary, replicated)).toMatchObject([{ do: 'hand-over', from: 's0-0' }]);
    const replica = ownCopy('s0-1', seen({ 's0-1': { ending: true } }), mark);
    expect(planNode(replica, replicated)).toMatchObject([{ do: 'shut-down', node: 's0-1' }]);
  });

  test('a fenced node is not the first primary, unless the data is there', () => {
    const nobody = { ...record, epoch: 0, primary: '' };
    const held = (hasData: boolean, last = 's0-2'): CopySketch => ({
      down: 'absent',
      agent: { disk: { hasData, ...(hasData ? { lastPrimary: { epoch: 3, primary: last } } : {}) } },
    });
    const first = (hasData: boolean, name: string) => {
      const view = copies({ 's0-0': held(hasData, 's0-0'), 's0-1': held(false), 's0-2': held(false) }, nobody);
      const nodes = view.nodes.map((node): NodeView => (node.name === 's0-0' ? { ...node, fenced } : node));
      return begin(ownCopy(name, { ...view, nodes }, { known: { record: nobody } }), replicated);
    };
    expect(first(false, 's0-1')).toMatchObject([{ do: 'appoint', node: 's0-1' }]);
    expect(first(true, 's0-1')).toEqual([{ do: 'wait', why: 'held: s0-0 is to be the first primary' }]);
  });
});

describe('a node of a mesh', () => {
  const mesh = clusterConfig(1, 1, { topology: 'multi-master' });

  test('takes no writes before its server ends', () => {
    const seen = meshView([{}, {}]);
    const view = ownMeshView(seen, { ...mark, joined: true, address: seen.nodes[0]!.address! });
    expect(planNode(view, mesh)).toEqual([{ do: 'refuse-writes', node: 's0-0' }]);
    const server = { ...view.server, refusesWrites: true } as OwnView['server'];
    expect(planNode({ ...view, server }, mesh)).toMatchObject([{ do: 'shut-down', node: 's0-0' }]);
  });

  test('starts anew where its fence was lifted after it had begun to refuse writes', () => {
    const view = ownMeshView(meshView([{}, {}]));
    const server = { ...view.server, refusesWrites: true } as OwnView['server'];
    expect(planNode({ ...view, server }, mesh)).toMatchObject([{ do: 'shut-down' }]);
  });
});

describe('others', () => {
  const down = database({ ...sound, 's1-1': { ...sound['s1-1'], down: 'absent' } });

  test('call the node fenced, not broken', () => {
    const { nodes, reasons } = judge(
      config,
      database({ ...sound, 's1-1': { ...sound['s1-1'], down: 'absent', ending: true, fenced } }),
    );
    expect(nodes.find(({ name }) => name === 's1-1')).toMatchObject({
      state: 'fenced',
      health: 'Degraded',
      reasons: ['is fenced: the spec says so'],
    });
    expect(reasons).toEqual(['s1-1 is fenced: the spec says so']);
  });

  test('do not call it fenced while its server writes its files: clients still reach its port', () => {
    const ending = database({
      ...sound,
      's1-1': { ...sound['s1-1'], down: 'unreachable', agent: { server: 'unknown' }, ending: true, fenced },
    });
    expect(judge(config, ending).nodes.find(({ name }) => name === 's1-1')).toMatchObject({
      state: 'down',
      reasons: ['is to be fenced: the spec says so'],
    });
  });

  test('send it no clients', () => {
    expect(judgeReadiness(ownView(database(sound), 's1-1', mark))).toEqual({
      ready: false,
      reason: 'the node is fenced: the spec says so',
    });
  });

  test('roll no shard of which a node is fenced, and every other', () => {
    const sets = ['s0', 's1', 's2'].map((shard) => set(shard, 0));
    const first = (name: string) => {
      return plan({ sets, nodes: { ...sound, [name]: { ...sound[name], ending: true, fenced } } })[0];
    };
    expect(first('s0-0')).toMatchObject({ do: 'wait', why: 'roll-out: s0-1 is next, but s0-0 is fenced' });
    expect(first('s1-1')).toMatchObject({ do: 'set-partition', set: 's0' });
  });

  test('fence no node that is the last to serve its shard', () => {
    expect(whyNotFence(database(sound), 's1-0')).toBeUndefined();
    expect(whyNotFence(down, 's1-1')).toBeUndefined();
    expect(whyNotFence(down, 's1-0')).toBe('no other node of s1 has all data and could serve (s1-1)');
    const behind = database({ ...sound, 's1-1': { follows: 's1-0', server: { linkUp: false } } });
    expect(whyNotFence(behind, 's1-0')).toBe('no other node of s1 has all data and could serve (s1-1)');
    expect(whyNotFence(database({ 's0-0': sound['s0-0']! }), 's0-0')).toBe('its shard has no other node');
  });

  test('fence no primary whose replicas may all never take over', () => {
    const never = { copy: { priority: 0 } };
    const view = copies({ 's0-1': never, 's0-2': never });
    expect(whyNotFence(view, 's0-0')).toBe('no other node of s0 has all data and could serve (s0-1, s0-2)');
    expect(whyNotFence(view, 's0-1')).toBeUndefined();
    expect(whyNotFence(copies({ 's0-1': never }), 's0-0')).toBeUndefined();
  });
});
