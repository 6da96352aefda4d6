/** The database of `catalog.yaml`, as code. Run by `npx tsx examples/catalog.ts`, it writes `dist/catalog.k8s.yaml`. */
import { App, Chart } from 'cdk8s';

// In a project of your own: from 'cdk8s-keyspace'.
import { Cluster } from '../lib';

const app = new App();
const chart = new Chart(app, 'catalog', { namespace: 'shop' });

new Cluster(chart, 'catalog', {
  engine: 'valkey',
  version: '9.1',
  shards: 3,
  replicasPerShard: 1,
  auth: {
    secret: {
      name: 'catalog-auth',
    },
  },
  tls: {
    issuer: {
      name: 'internal',
      kind: 'ClusterIssuer',
    },
    clientCertificates: 'required',
  },
  persistence: {
    size: '2Gi',
  },
  resources: {
    requests: {
      cpu: '100m',
      memory: '256Mi',
    },
    limits: {
      memory: '512Mi',
    },
  },
  monitoring: {
    exporter: {},
    scrape: {
      kind: 'PodMonitor',
      labels: {
        release: 'prometheus',
      },
      intervalSeconds: 30,
    },
    alerts: {
      labels: {
        release: 'prometheus',
      },
      alertLabels: {
        team: 'checkout',
      },
    },
    dashboard: {
      annotations: {
        grafana_folder: 'Databases',
      },
    },
  },
  networkPolicy: {
    clients: [
      {
        podLabels: {
          'app.kubernetes.io/part-of': 'shop',
        },
      },
    ],
    scrapers: [
      {
        namespaceLabels: {
          'kubernetes.io/metadata.name': 'monitoring',
        },
      },
    ],
  },
});

app.synth();
