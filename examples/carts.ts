/** The database of `carts.yaml`, as code. Run by `npx tsx examples/carts.ts`, it writes `dist/carts.k8s.yaml`. */
import { App, Chart } from 'cdk8s';

// In a project of your own: from 'cdk8s-keyspace'.
import { Replication } from '../lib';

const app = new App();
const chart = new Chart(app, 'carts', { namespace: 'shop' });

new Replication(chart, 'carts', {
  engine: 'valkey',
  version: '9.1',
  replicas: 2,
  minReplicasToWrite: 1,
  auth: {
    secret: {
      name: 'carts-auth',
    },
    users: [
      {
        name: 'reports',
        secret: {
          name: 'carts-reports',
        },
        keys: ['%R~cart:*'],
        commands: ['+@read'],
      },
    ],
    deniedCommands: ['flushall', 'flushdb'],
  },
  tls: {
    issuer: {
      name: 'shop-authority',
    },
    clientCertificates: 'optional',
  },
  persistence: {
    size: '4Gi',
    storageClass: 'fast',
  },
  resources: {
    requests: {
      cpu: '250m',
    },
    limits: {
      memory: '1Gi',
    },
  },
  monitoring: {
    exporter: {},
    scrape: {
      kind: 'PodMonitor',
      labels: {
        release: 'prometheus',
      },
    },
    alerts: {
      labels: {
        release: 'prometheus',
      },
    },
    dashboard: {},
  },
  networkPolicy: {
    clients: [
      {
        podLabels: {
          app: 'shop',
        },
      },
    ],
  },
  backup: {
    destination: {
      s3: {
        bucket: 'shop-backups',
        endpoint: 'https://minio.storage.svc:9000',
        credentials: {
          name: 'shop-backups',
        },
      },
    },
    schedules: [
      {
        name: 'nightly',
        cron: '0 3 * * *',
        timeZone: 'Europe/Berlin',
        retention: {
          count: 7,
        },
      },
    ],
  },
});

app.synth();
