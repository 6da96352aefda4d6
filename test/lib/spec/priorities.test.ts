/** Which nodes may be primary, as a spec says it. */
import { App, Chart } from 'cdk8s';

import { Replication, Sentinel } from '../../../lib';

const least = { engine: 'valkey', version: '8.1', persistence: { size: '1Gi' }, auth: 'off', tls: 'off' } as const;

const make = (more: object) => () =>
  new Replication(new Chart(new App(), 'test', { namespace: 'shop' }), 'queue', { ...least, ...more });

test.each<[string, object, string]>([
  [
    'of a node that there is not',
    { replicaPriorities: { 'queue-server-9': 0 } },
    'replicaPriorities.queue-server-9: must be a node of this database, "queue-server-0" to "queue-server-2", got "queue-server-9"',
  ],
  [
    'below 0',
    { replicaPriorities: { 'queue-server-0': -1 } },
    'replicaPriorities.queue-server-0: must be a whole number from 0 to 1000000, got -1',
  ],
  [
    'that keeps the wished primary from it',
    { primary: 'queue-server-1', replicaPriorities: { 'queue-server-1': 0 } },
    'replicaPriorities.queue-server-1: must not be 0, got 0 for "queue-server-1", which "primary" wants as the primary',
  ],
  [
    'that leaves nobody',
    { replicas: 1, replicaPriorities: { 'queue-server-0': 0, 'queue-server-1': 0 } },
    'replicaPriorities: must leave a node that may be primary, got 0 for every node',
  ],
])('a priority %s is refused', (_what, more, message) => {
  expect(make(more)).toThrow(message);
});

test.each([Replication, Sentinel])('the agents are told', (Kind) => {
  const chart = new Chart(new App(), 'test', { namespace: 'shop' });
  new Kind(chart, 'queue', { ...least, replicaPriorities: { 'queue-server-1': 0 }, fenced: ['queue-server-1'] });
  const objects = JSON.stringify(chart.toJson());
  expect(objects).toContain('\\"replicaPriorities\\": {\\n    \\"queue-server-1\\": 0\\n  }');
});
