/** What agents do while they are paused: watch, close what has to be closed, and let pods end. */
import { judge } from '../../../sidecar/health';
import { planDatabase, planGuard, planLabel, planNode } from '../../../sidecar/plan';
import { renderHeadline } from '../../../sidecar/status/table';
import { clusterConfig } from '../support/config';
import { config as replicated, copies, ownCopy } from '../support/replicated-views';
import { database, ownView, sound, type Sketch } from '../support/views';

const config = clusterConfig(3, 1);
const paused = 'the spec says so';
const dead: Readonly<Record<string, Sketch>> = {
  ...sound,
  's1-0': { ...sound['s1-0'], down: 'absent' },
  's1-1': { ...sound['s1-1'], server: { linkUp: false } },
};

test('nothing is planned for the database', () => {
  const stray = database({ ...sound, 's1-1': { follows: 's0-0' } });
  expect(planDatabase(stray, config)).not.toEqual([]);
  expect(planDatabase({ ...stray, paused }, config)).toEqual([]);
});

test('a dead primary is neither replaced nor started by its agent', () => {
  const own = ownView(database(dead), 's1-0', { start: 'this start', heldMs: 100 });
  expect(planNode(own, config)).toMatchObject([{ do: 'failover' }]);
  expect(planNode({ ...own, paused }, config)).toEqual([]);
  const late = { ...own, heldMs: 60_000 };
  expect(planNode(late, config)).toMatchObject([{ do: 'permit' }]);
  expect(planNode({ ...late, paused }, config)).toEqual([]);
});

test('a node is not taken out of service', () => {
  const own = ownView(database(sound), 's1-1', { fenced: 'its pod says so', told: true, paused });
  expect(planNode(own, config)).toEqual([]);
});

test('a pod that ends hands over and is let go', () => {
  const ending = { ...sound, 's1-0': { ...sound['s1-0'], ending: true } };
  const own = ownView(database(ending), 's1-0', { stopping: true, stoppingMs: 100, told: true, paused });
  expect(planNode(own, config)).toMatchObject([{ do: 'failover', node: 's1-1', force: false }]);
});

describe('of a primary and its replicas', () => {
  test('a dead primary is not replaced', () => {
    const own = ownCopy('s0-0', copies({ 's0-0': { down: 'absent' } }));
    expect(planNode(own, replicated)).toMatchObject([{ do: 'appoint' }]);
    expect(planNode({ ...own, paused }, replicated)).toEqual([]);
    const lost = ownCopy('s0-1', copies({ 's0-0': { down: 'unreachable', agent: false } }));
    expect(planNode({ ...lost, paused }, replicated)).toEqual([]);
  });

  test('one that cannot prove its office takes no writes, and takes them again when it can', () => {
    const unproven = ownCopy('s0-0', copies(), { paused, known: { provenMs: 0 } });
    expect(planGuard(unproven, replicated)).toEqual([{ do: 'close', node: 's0-0' }]);
    const closed = ownCopy('s0-0', copies({ 's0-0': { copy: { floor: 2 ** 31 - 1 } } }), { paused });
    expect(planNode(closed, replicated)).toMatchObject([{ do: 'open', node: 's0-0' }]);
  });

  test('a handover that is decided is seen through', () => {
    const record = { epoch: 5, primary: 's0-1', before: 's0-0', vacated: true, inSync: [], history: '' };
    const own = ownCopy('s0-1', copies({}, record), { paused, known: { record } });
    const server = { ...own.server, role: 'replica' } as typeof own.server;
    expect(planNode({ ...own, server }, replicated)).toEqual([{ do: 'lead', node: 's0-1', epoch: 5 }]);
  });
});

test('labels say what is so', () => {
  const own = ownView(database(sound), 's1-0', { paused, labelledRole: 'replica' });
  expect(planLabel(own, config)).toMatchObject([{ do: 'label', node: 's1-0', role: 'primary' }]);
});

test('the status says that they are paused, and how the database is', () => {
  const status = judge(config, { ...database(dead), paused: 'until: keyspace resume' });
  expect(status).toMatchObject({ paused: 'until: keyspace resume', health: 'Critical' });
  expect(renderHeadline(status)).toMatch(/^db is Paused \(until: keyspace resume\) and Critical: 5 of 6 nodes up/);
  expect(judge(clusterConfig(3, 1, { state: 'paused' }), database(sound))).toMatchObject({ paused, health: 'Healthy' });
  expect(judge(config, database(sound))).not.toHaveProperty('paused');
});
