import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { databaseAlerts, type AlertScope } from '../../../lib/resources/alert-rules';
import { alertRule } from '../../../lib/resources/alerts';
import { family, familyLabels } from './support/family';
import { figuresOf, knownFigures } from './support/queries';

const scope: AlertScope = {
  namespace: 'shop',
  database: 'orders',
  shards: ['shard-0', 'shard-1'],
  nodes: 4,
  primaries: 'one',
  evicting: false,
  persistent: true,
  exporter: true,
};

/** It has no primary of its own to miss. */
const following: Partial<AlertScope> = { follows: 'old.example:6379' };

/** Three Sentinels watch it. */
const watched: Partial<AlertScope> = { sentinels: 3 };

const names = (change: Partial<AlertScope> = {}) => databaseAlerts({ ...scope, ...change }).map(({ name }) => name);

const find = (name: string, change: Partial<AlertScope> = {}) =>
  databaseAlerts({ ...scope, ...change }).find((alert) => alert.name === name)!;

test('every alert asks, in PromQL, for figures that somebody exports', async () => {
  const known = await knownFigures();
  for (const { name, expr } of [following, watched].flatMap((more) => databaseAlerts({ ...scope, ...more }))) {
    const figures = await figuresOf(expr);
    expect({ name, unknown: figures.filter((figure) => !known.has(figure)) }).toEqual({ name, unknown: [] });
    expect(figures.length).toBeGreaterThan(0);
  }
});

test('an alert is about its own database alone', async () => {
  for (const { expr } of databaseAlerts({ ...scope, ...watched })) {
    const pickers = [...expr.matchAll(/\{([^}]*)\}/g)].map(([, picker]) => picker!);
    expect(pickers).toHaveLength((await figuresOf(expr)).length);
    for (const picker of pickers) {
      expect(picker).toContain('namespace="shop"');
      expect(picker).toMatch(/database="orders"|persistentvolumeclaim=~"data-orders-\(shard-0\|shard-1\)-\[0-9\]\+"/);
    }
  }
});

test('every alert has a section that says what to do, and every section an alert', () => {
  const text = readFileSync(join(__dirname, '../../../docs/alerts.md'), 'utf8');
  const sections = [...text.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
  expect(sections.sort()).toEqual([...new Set([...names(watched), ...names(following)])].sort());
});

test('asks for nothing that is not there', () => {
  const everything = names();
  const figuresOfExporters = names({ exporter: false });
  expect(everything.filter((name) => !figuresOfExporters.includes(name))).toEqual([
    'KeyspaceExporterBlind',
    'KeyspaceReplicaBehind',
    'KeyspaceFullResyncs',
    'KeyspaceConnectionsRejected',
    'KeyspaceWritesNotPersisted',
    'KeyspaceSnapshotFailed',
  ]);
  const inMemory = names({ persistent: false });
  expect(everything.filter((name) => !inMemory.includes(name))).toEqual([
    'KeyspaceVolumeFull',
    'KeyspaceWritesNotPersisted',
    'KeyspaceSnapshotFailed',
  ]);
});

test('one that follows a primary elsewhere misses that, and none of its own', () => {
  const others = names();
  expect(names(following).filter((name) => !others.includes(name))).toEqual([
    'KeyspaceSourceLost',
    'KeyspaceSourceLagging',
  ]);
  expect(others.filter((name) => !names(following).includes(name))).toEqual([
    'KeyspaceShardWithoutPrimary',
    'KeyspaceShardWithTwoPrimaries',
  ]);
});

test('Sentinels are missed where there are to be some', () => {
  expect(names(watched).filter((name) => !names().includes(name))).toEqual([
    'KeyspaceSentinelQuorumLost',
    'KeyspaceSentinelsMissing',
  ]);
  expect(find('KeyspaceSentinelsMissing', watched).expr).toContain(' < 3');
});

test('a full cache is no alarm, and many primaries are none where all are', () => {
  expect(names({ evicting: true }).filter((name) => name.includes('Memory'))).toEqual([]);
  expect(names({ primaries: 'all' }).filter((name) => name.includes('Primar'))).toEqual([]);
});

test('nodes that tell nothing at all are missed', () => {
  expect(find('KeyspaceNodesMissing', { nodes: 6 }).expr).toBe(
    '(count(keyspace_node_up{namespace="shop", database="orders"}) or vector(0)) < 6',
  );
});

test('the object carries what Prometheus picks it by and where each alert goes', () => {
  const { metadata, spec } = alertRule({
    ...scope,
    family,
    labels: { release: 'prometheus' },
    alertLabels: { pager: 'night' },
  });
  expect(metadata).toMatchObject({ name: 'orders', labels: { release: 'prometheus', ...familyLabels } });
  const [group] = spec.groups!;
  expect(group!.name).toBe('keyspace.shop.orders');
  expect(group!.rules).toHaveLength(names().length);
  const { expr, ...rule } = group!.rules![0]!;
  expect(expr.value).toBe(find('KeyspaceDatabaseCritical').expr);
  expect(rule).toEqual({
    alert: 'KeyspaceDatabaseCritical',
    for: '1m',
    labels: { pager: 'night', namespace: 'shop', database: 'orders', severity: 'critical' },
    annotations: {
      summary: 'orders does not serve all of its keys',
      description: 'Its coordinator has found it Critical for a minute: some keys can be neither read nor written.',
      runbook: 'docs/alerts.md#keyspacedatabasecritical',
    },
  });
});
