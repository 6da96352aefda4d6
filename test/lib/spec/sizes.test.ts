/** What Kubernetes and the agents can hold: 1 MiB in a ConfigMap, 1.5 MiB in any object. */
import { App, Chart } from 'cdk8s';

import { Cluster, type ClusterProps } from '../../../lib';
import { readSpec } from '../../../lib/spec/read-spec';
import type { Manifest } from '../synthesize';

const least: ClusterProps = { engine: 'valkey', tls: 'off', persistence: { size: '2Gi', initialSize: '1Gi' } };

function messagesOf(props: Partial<ClusterProps>): string[] {
  const result = readSpec('Cluster', { name: 'orders', namespace: 'shop', props: { ...least, ...props } });
  return 'problems' in result ? result.problems.map(({ path, message }) => `${path.join('.')}: ${message}`) : [];
}

const user = (index: number) => ({ name: `user-${index}`, secret: { name: `user-${index}` }, keys: ['k'.repeat(700)] });
const users = (count: number) => ({ users: Array.from({ length: count }, (_, index) => user(index)) });

test('the largest database with the longest names fits', () => {
  const chart = new Chart(new App(), 'chart', { namespace: 'n'.repeat(63) });
  new Cluster(chart, 'o'.repeat(33), {
    ...least,
    shards: 500,
    replicasPerShard: 2,
    clusterDomain: `${'d'.repeat(63)}.${'d'.repeat(20)}`,
    externalAccess: { type: 'LoadBalancer' },
    auth: users(250),
    monitoring: { alerts: {}, dashboard: {}, exporter: {}, scrape: { kind: 'PodMonitor' } },
    fenced: [],
  });
  const objects = chart.toJson() as Manifest[];
  const sizes = objects.map((object) => Buffer.byteLength(JSON.stringify(object)));
  const largest = Math.max(...sizes);
  expect(largest).toBeGreaterThan(2 ** 19);
  expect(largest).toBeLessThan(2 ** 20);
  const role = objects.findIndex(({ kind }) => kind === 'Role');
  expect(sizes[role]).toBeLessThan(2 ** 19);
});

test('more nodes than the status can tell of are refused', () => {
  expect(messagesOf({ shards: 500, replicasPerShard: 3 })).toEqual([
    'shards: must make at most 1500 nodes with "replicasPerShard", got 2000; the status of all of them has to fit into one ConfigMap',
  ]);
});

test('more users than the agents can be told of are refused', () => {
  expect(messagesOf({ auth: users(250) })).toEqual([]);
  expect(messagesOf({ auth: users(300) })).toEqual([
    expect.stringMatching(
      /^auth\.users: must take at most 262144 bytes, got \d+; agents are told of all users in one ConfigMap; have more of them in "usersFile"$/,
    ),
  ]);
});

test('directives and annotations that no object can hold are refused', () => {
  expect(messagesOf({ directives: { 'proc-title-template': 'x'.repeat(2 ** 18) } })).toEqual([
    expect.stringMatching(/^directives: must take at most 262144 bytes, got \d+; servers read all/),
  ]);
  expect(messagesOf({ annotations: { 'example.org/note': 'ü'.repeat(2 ** 17) } })).toEqual([
    expect.stringMatching(
      /^annotations: must take at most 253952 bytes, got \d+; Kubernetes lets no object have more$/,
    ),
  ]);
});
