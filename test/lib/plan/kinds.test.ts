/** Every topology as it is really synthesized. */
import { App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { MultiMaster, Replication, Sentinel, Standalone, type SentinelProps } from '../../../lib';
import { leastProps } from '../synthesize';
import { changesBetween, effectsIn, only } from './sides';

const least = { ...leastProps, version: '8.1' };
const tls = { secret: { name: 'orders-tls' }, clientCertificates: 'off' } as const;

function manifests(add: (chart: Construct) => unknown): unknown[] {
  const chart = new Chart(new App(), 'orders', { namespace: 'shop' });
  add(chart);
  return chart.toJson() as unknown[];
}

const standalone = (props = {}) => manifests((chart) => new Standalone(chart, 'orders', { ...least, ...props }));
const replication = (props = {}) => manifests((chart) => new Replication(chart, 'orders', { ...least, ...props }));
const sentinel = (props: Partial<SentinelProps> = {}) =>
  manifests((chart) => new Sentinel(chart, 'orders', { ...least, ...props }));
const mesh = (props = {}) =>
  manifests((chart) => new MultiMaster(chart, 'orders', { ...least, engine: 'keydb', version: '6.3', ...props }));

test('a node alone restarts, and nobody is served meanwhile', () => {
  const change = only(changesBetween(standalone({ version: '8.0' }), standalone()), 'restart');
  expect(change.what).toBe('1 pod is replaced');
  expect(change.notes).toEqual(['the database cannot be reached while that node restarts']);
});

test('encryption of a node alone comes with its restart, and nothing of it before', () => {
  const all = changesBetween(standalone(), standalone({ tls }));
  expect(all.filter(({ directives }) => directives)).toEqual([]);
  expect(all.flatMap(({ because }) => because ?? [])).toContain('directive tls-port: unset -> 6379');
  expect(effectsIn(all)).not.toContain('refused');
  expect(effectsIn(changesBetween(replication(), replication({ tls })))).toContain('refused');
});

test('replicas are replaced before a primary can be', () => {
  const change = only(changesBetween(replication({ version: '8.0' }), replication()), 'restart');
  expect(change.restarts).toEqual([
    { set: 'orders-server', pods: ['orders-server-2', 'orders-server-1', 'orders-server-0'] },
  ]);
});

test('Sentinels come live, and go one by one', () => {
  const three = sentinel({ sentinels: { count: 3, quorum: 2 } });
  const five = sentinel({ sentinels: { count: 5, quorum: 2 } });
  expect(changesBetween(three, five).map(({ what }) => what)).toContain('orders-sentinel: 3 -> 5 pods');
  expect(effectsIn(changesBetween(three, five))).toEqual(['live']);
  expect(only(changesBetween(five, three), 'restart').what).toBe('orders-sentinel: 5 -> 3 pods');
});

test('a node of a mesh copies before it serves', () => {
  expect(only(changesBetween(mesh(), mesh({ nodes: 3 })), 'move').objects).toEqual(['Pod orders-server-2']);
});

test('a container that is added has a name, and no field', () => {
  const change = only(changesBetween(standalone(), standalone({ monitoring: { exporter: {} } })), 'restart');
  expect(change.because).toContain('all of exporter');
});
