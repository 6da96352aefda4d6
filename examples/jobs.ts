/** The database of `jobs.yaml`, as code. Run by `npx tsx examples/jobs.ts`, it writes `dist/jobs.k8s.yaml`. */
import { App, Chart } from 'cdk8s';

// In a project of your own: from 'cdk8s-keyspace'.
import { Sentinel } from '../lib';

const app = new App();
const chart = new Chart(app, 'jobs', { namespace: 'shop' });

new Sentinel(chart, 'jobs', {
  engine: 'redis',
  version: '7.4',
  replicas: 2,
  sentinels: {
    count: 3,
  },
  auth: {
    secret: {
      name: 'jobs-auth',
    },
  },
  tls: 'off',
  persistence: {
    size: '2Gi',
    appendOnly: {
      fsync: 'always',
    },
  },
  backup: {
    destination: {
      volume: {
        claimName: 'backups',
        path: 'databases',
      },
    },
    schedules: [
      {
        name: 'nightly',
        cron: '30 2 * * *',
      },
    ],
    once: ['before-migration'],
    retention: {
      days: 30,
      count: 3,
    },
    verification: {
      cron: '0 5 * * 0',
    },
  },
  scheduling: {
    topologySpread: [
      {
        topologyKey: 'kubernetes.io/hostname',
      },
      {
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'ScheduleAnyway',
      },
    ],
  },
});

app.synth();
