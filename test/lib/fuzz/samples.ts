/** Words that specs are made of. */
import type { Arbitrary } from 'fast-check';

import { engines } from '../../../lib/contract/engines';
import { fc } from '../../chance';

export const versions = Object.values(engines).flatMap((engine) => engine.versions);

export const images = [
  'registry.example/own:stable',
  'registry.example:5000/team/own:v2-alpine',
  `own@sha256:${'0123456789abcdef'.repeat(4)}`,
];

const directive = fc.constantFrom(
  ['lazyfree-lazy-user-del', 'yes'],
  ['client-output-buffer-limit', 'normal 0 0 0 replica 512mb 128mb 60 pubsub 32mb 8mb 60'],
  ['slowlog-max-len', 512],
  ['hz', 20],
  ['notify-keyspace-events', '""'],
  ['repl-diskless-sync', 'no'],
  ['cluster-require-full-coverage', 'yes'],
  ['oom-score-adj-values', '0 200 800'],
  ['proc-title-template', '"{title} {listen-addr}"'],
  ['timeout', 0.5],
);

/** Free directives. */
export const directives = fc
  .array(directive, { maxLength: 3 })
  .map((entries) => Object.fromEntries(entries) as unknown);

const labelSelector = { matchLabels: { app: 'x' }, matchExpressions: [{ key: 'a/b', operator: 'In', values: ['1'] }] };

/** Affinities of any sort, as in a pod. */
export const affinities: Arbitrary<unknown> = fc.constantFrom(
  {},
  { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: 'zone' }] },
  { preferredDuringSchedulingIgnoredDuringExecution: [] },
  {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'disk', operator: 'Exists' }] }],
    },
  },
);

/** Texts for fields of every sort; each takes those that it allows. The nodes are of the database of this name. */
export const texts = (name: string): string[] => [
  ...['server-0', 'server-1', 'shard-0-0', 'shard-1-0', 'shard-2-1'].map((node) => `${name}-${node}`),
  ...['a', 'orders-auth', 'team', 'zone-a.example', 'Issuer', 'users.acl', 'password', 'eu-central-1'],
  ...['500m', '2', '0.5', '64Mi', '512Mi', '1Gi', '1.5Gi', '3000000000', '10Gi', '75%', '2160h', '1h30m'],
  ...['orders:*', '%R~orders:*', '~', '+@read', '-config|set', '+get', 'flushall', 'config|set', '@dangerous'],
  ...['/opt/module.so', '{node}.db.example.com', '*.example.com', 'db.example.com', '192.0.2.7', '2001:db8::7'],
  ...['10.0.0.0/8', '192.0.2.0/24', '2001:db8::/32', 'kubernetes.io/hostname', 'topology.kubernetes.io/zone'],
  ...['https://minio.example:9000', 'http://minio', 'backups/orders', 'some bucket', 'shop/orders', 'latest'],
  ...['0 3 * * *', '*/15 0-6 1,15 jan mon', '@daily', 'Europe/Berlin', '2026-11-21T09:30:00Z', 'LOG_LEVEL'],
  ...['yes', 'on', '1', 'null', "it's", '"quoted"', '# no comment', 'a: b', '${x}', '{{ y }}', 'ünï', '💾', ' edge '],
];
