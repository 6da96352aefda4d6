/** The database of `sessions.yaml`, as code. Run by `npx tsx examples/sessions.ts`, it writes `dist/sessions.k8s.yaml`. */
import { App, Chart } from 'cdk8s';

// In a project of your own: from 'cdk8s-keyspace'.
import { Cluster } from '../lib';

const app = new App();
const chart = new Chart(app, 'sessions', { namespace: 'shop' });

new Cluster(chart, 'sessions', {
  engine: 'valkey',
  version: '9.1',
  shards: 3,
  replicasPerShard: 1,
  auth: {
    secret: {
      name: 'sessions-auth',
    },
  },
  tls: {
    secret: {
      name: 'sessions-tls',
    },
    clientCertificates: 'optional',
  },
  persistence: 'off',
  resources: {
    requests: {
      cpu: '50m',
      memory: '64Mi',
    },
    limits: {
      memory: '256Mi',
    },
  },
  maxMemory: '160Mi',
  maxMemoryPolicy: 'allkeys-lru',
  directives: {
    'lazyfree-lazy-user-del': 'yes',
  },
});

app.synth();
