/** The database of `profiles.yaml`, as code. Run by `npx tsx examples/profiles.ts`, it writes `dist/profiles.k8s.yaml`. */
import { App, Chart } from 'cdk8s';

// In a project of your own: from 'cdk8s-keyspace'.
import { MultiMaster } from '../lib';

const app = new App();
const chart = new Chart(app, 'profiles', { namespace: 'shop' });

new MultiMaster(chart, 'profiles', {
  version: '6.3',
  nodes: 2,
  auth: {
    secret: {
      name: 'profiles-auth',
    },
  },
  tls: 'off',
  persistence: {
    size: '4Gi',
    snapshots: [
      {
        afterSeconds: 900,
        changes: 1,
      },
    ],
  },
  resources: {
    limits: {
      memory: '1Gi',
    },
  },
  directives: {
    'server-threads': 2,
  },
});

app.synth();
