/** The database of `orders.yaml`, as code. Run by `npx tsx examples/orders.ts`, it writes `dist/orders.k8s.yaml`. */
import { App, Chart } from 'cdk8s';

// In a project of your own: from 'cdk8s-keyspace'.
import { Cluster } from '../lib';

const app = new App();
const chart = new Chart(app, 'orders', { namespace: 'shop' });

new Cluster(chart, 'orders', {
  engine: 'valkey',
  version: '8.1',
  shards: 3,
  replicasPerShard: 1,
  auth: { secret: { name: 'orders-auth', key: 'password' } },
  tls: 'off',
  persistence: { size: '1Gi' },
  resources: {
    requests: { cpu: '50m', memory: '64Mi' },
    limits: { memory: '256Mi' },
  },
});

app.synth();
