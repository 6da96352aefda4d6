/** The database of `thumbnails.yaml`, as code. Run by `npx tsx examples/thumbnails.ts`, it writes `dist/thumbnails.k8s.yaml`. */
import { App, Chart } from 'cdk8s';

// In a project of your own: from 'cdk8s-keyspace'.
import { Standalone } from '../lib';

const app = new App();
const chart = new Chart(app, 'thumbnails', { namespace: 'shop' });

new Standalone(chart, 'thumbnails', {
  engine: 'redis',
  version: '8.0',
  tls: 'off',
  persistence: 'off',
  resources: {
    limits: {
      memory: '256Mi',
    },
  },
  maxMemory: '75%',
  maxMemoryPolicy: 'allkeys-lru',
});

app.synth();
