/** A database that runs, as its own ConfigMaps show it. */
import { objectNames } from '../../../lib/contract/names';
import type { KubeClient } from '../../../sidecar/kube/client';
import { createRunning } from '../../../sidecar/kube/running';

const contractOf = (...shards: string[]): string =>
  JSON.stringify({ topology: 'cluster', shards: shards.map((name) => ({ name })) });

test('of the contracts for agents of several ages the newest counts, by its number', async () => {
  const data = {
    'agent-config.v9.json': contractOf('old'),
    'agent-config.v10.json': contractOf('new'),
    'agent-config.v1.json': contractOf('oldest'),
  };
  const path = `/api/v1/namespaces/shop/configmaps/${objectNames('orders').agentConfig}`;
  const client = { get: (asked: string) => Promise.resolve(asked === path ? { data } : {}) } as unknown as KubeClient;
  const running = createRunning({ client, namespace: 'shop', database: 'orders' });
  expect((await running.contract())?.shards).toEqual(['new']);
});
