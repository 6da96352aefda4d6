import { createMetrics } from '../../sidecar/metrics';
import type { Pass } from '../../sidecar/repeat';
import type { DatabaseStatus, Health } from '../../sidecar/health';
import type { DatabaseView, OwnView, ServerView } from '../../sidecar/view';
import { calm } from './support/views';

const up: ServerView = {
  state: 'up',
  version: '8.1.4',
  role: 'primary',
  loading: false,
  offset: 4711,
  linkUp: true,
  linkSilentSeconds: 0,
  connectedReplicas: 1,
  connectedClients: 7,
  usedMemoryBytes: 1_500_000,
  maxMemoryBytes: 200_000_000,
};

const down: ServerView = { state: 'absent', reason: 'connect ECONNREFUSED' };

function passOf(server: ServerView, outcome: Partial<Pass['outcome']> = {}): Pass {
  const view: OwnView = {
    name: 'orders-0-0',
    shard: '0',
    server,
    disk: { hasData: true },
    ...calm,
  };
  return { cycle: 'node', tookMs: 12, outcome: { view, actions: [], failures: [], sentence: '', ...outcome } };
}

function databasePass(health: Health): Pass {
  const view: DatabaseView = { nodes: [], strangers: {} };
  const status = { health } as DatabaseStatus;
  return { cycle: 'database', tookMs: 40, outcome: { view, actions: [], failures: [], sentence: '' }, status };
}

function createWorld() {
  let leading = false;
  const names = { database: 'orders', node: 'orders-0-0', version: '0.1.0' };
  const metrics = createMetrics({ ...names, leading: () => leading });
  /** Values by name, with the labels of its own. */
  const read = async (): Promise<Record<string, number>> => {
    const samples = (await metrics.render()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return Object.fromEntries(
      samples.map((line) => {
        const [, name, labels, value] = /^(\w+)\{(.*)\} (\S+)$/.exec(line)!;
        const own = labels!.split(',').filter((label) => !/^(database|node)="/.test(label));
        expect(labels).toContain('database="orders",node="orders-0-0"');
        return [own.length > 0 ? `${name!}{${own.join()}}` : name!, Number(value)];
      }),
    );
  };
  return { metrics, read, lead: (now: boolean) => (leading = now) };
}

test('tells of the server beside the agent', async () => {
  const { metrics, read } = createWorld();
  metrics.observe(passOf(up));
  expect(await read()).toMatchObject({
    keyspace_node_up: 1,
    keyspace_node_primary: 1,
    keyspace_node_loading: 0,
    keyspace_node_replication_offset_bytes: 4711,
    keyspace_node_replication_link_up: 1,
    keyspace_node_connected_replicas: 1,
    keyspace_node_connected_clients: 7,
    keyspace_node_memory_used_bytes: 1_500_000,
    keyspace_node_memory_max_bytes: 200_000_000,
  });
});

test('tells nothing old of a server that does not answer any more', async () => {
  const { metrics, read } = createWorld();
  metrics.observe(passOf(up));
  metrics.observe(passOf(down));
  const figures = await read();
  expect(figures.keyspace_node_up).toBe(0);
  expect(Object.keys(figures).filter((name) => /^keyspace_node_(?!up|fenced)/.test(name))).toEqual([]);
});

test('tells of the link to a primary elsewhere where the node copies one, and of no primary then', async () => {
  const { metrics, read } = createWorld();
  const link = { port: 7000, up: true, silentSeconds: 2 };
  const copy = { history: 'stream', priority: 100, floor: 0, keys: 3, source: link };
  const pass = passOf({ ...up, copy });
  const source = { name: 'old:6379', port: 7000, offset: 4750, history: 'stream' };
  metrics.observe({ ...pass, outcome: { ...pass.outcome, view: { ...pass.outcome.view, source } } });
  expect(await read()).toMatchObject({
    keyspace_node_primary: 0,
    keyspace_source_link_up: 1,
    keyspace_source_silent_seconds: 2,
    keyspace_source_lag_bytes: 39,
  });
  metrics.observe(passOf(up));
  expect(Object.keys(await read()).filter((name) => name.startsWith('keyspace_source'))).toEqual([]);
});

test('tells what people have ordered, for as long as it holds', async () => {
  const { metrics, read } = createWorld();
  const { outcome } = passOf(up);
  metrics.observe(passOf(up, { view: { ...outcome.view, fenced: 'by hand', paused: 'by the spec' } as OwnView }));
  expect(await read()).toMatchObject({ keyspace_node_fenced: 1, keyspace_paused: 1 });
  metrics.observe(passOf(up));
  expect(await read()).toMatchObject({ keyspace_node_fenced: 0, keyspace_paused: 0 });
});

test('counts what was done and what failed, and does not count waiting', async () => {
  const { metrics, read } = createWorld();
  const label = { do: 'label', node: 'orders-0-0', role: 'primary' } as const;
  const release = { do: 'release', node: 'orders-0-0', why: 'it may' } as const;
  const actions = [label, release, { do: 'wait', why: 'something' } as const];
  metrics.observe(passOf(up, { actions, failures: [{ action: release, reason: 'no' }] }));
  metrics.observe(passOf(up, { actions: [label] }));
  const figures = await read();
  const counted = Object.entries(figures).filter(([name]) => name.startsWith('keyspace_action'));
  expect(Object.fromEntries(counted)).toEqual({
    'keyspace_actions_total{action="label"}': 2,
    'keyspace_action_failures_total{action="release"}': 1,
  });
});

test('measures how long each cycle takes', async () => {
  const { metrics, read } = createWorld();
  metrics.observe(passOf(up));
  metrics.observe(databasePass('Healthy'));
  expect(await read()).toMatchObject({
    'keyspace_cycle_duration_seconds_count{cycle="node"}': 1,
    'keyspace_cycle_duration_seconds_sum{cycle="node"}': 0.012,
    'keyspace_cycle_duration_seconds_bucket{le="0.02",cycle="node"}': 1,
    'keyspace_cycle_duration_seconds_bucket{le="0.005",cycle="node"}': 0,
    'keyspace_cycle_duration_seconds_sum{cycle="database"}': 0.04,
  });
});

test('the coordinator tells the health of the database, and nobody else', async () => {
  const { metrics, read, lead } = createWorld();
  lead(true);
  metrics.observe(databasePass('Degraded'));
  metrics.observe(databasePass('Warning'));
  expect(await read()).toMatchObject({
    keyspace_coordinator: 1,
    'keyspace_database_health{state="Healthy"}': 0,
    'keyspace_database_health{state="Warning"}': 1,
    'keyspace_database_health{state="Degraded"}': 0,
    'keyspace_database_health{state="Critical"}': 0,
  });
  lead(false);
  const figures = await read();
  expect(figures.keyspace_coordinator).toBe(0);
  expect(Object.keys(figures).filter((name) => name.startsWith('keyspace_database_health'))).toEqual([]);
});

test('tells its version and what it costs', async () => {
  const { read } = createWorld();
  const figures = await read();
  expect(figures['keyspace_agent_info{version="0.1.0"}']).toBe(1);
  expect(figures.process_resident_memory_bytes).toBeGreaterThan(10_000_000);
  expect(figures.process_cpu_seconds_total).toBeGreaterThan(0);
});

test('every figure has a help text, and the unit as the end of its name', async () => {
  const { metrics, lead } = createWorld();
  lead(true);
  metrics.observe(passOf(up));
  const text = await metrics.render();
  const families = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => ({ name: name!, type: type! }));
  for (const { name, type } of families) {
    expect(text).toMatch(new RegExp(`^# HELP ${name} \\S`, 'm'));
    if (type === 'counter') expect(name).toMatch(/_total$/);
    if (/memory|offset/.test(name)) expect(name).toMatch(/_bytes$/);
  }
  expect(metrics.contentType).toMatch(/^text\/plain; version=0\.0\.4/);
});
