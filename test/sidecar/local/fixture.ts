import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { stringify } from 'yaml';

import type { AgentConfig } from '../../../lib/contract/agent-config';
import { renderAgentConfig } from '../../../lib/contract/render-agent-config';
import { containers, keys, paths, ports } from '../../../lib/contract/names';

/** A database of one shard with two nodes. */
export const config: AgentConfig = {
  schema: 1,
  database: 'orders',
  namespace: 'shop',
  engine: { name: 'valkey', version: '8.1' },
  topology: 'cluster',
  shards: [
    {
      name: 'shard-0',
      nodes: [0, 1].map((n) => ({
        name: `orders-shard-0-${n}`,
        host: `orders-shard-0-${n}.orders-headless.shop.svc.cluster.local`,
      })),
    },
  ],
  ports,
  auth: 'off',
  tls: 'off',
  persistence: 'aof',
  nodeTimeoutMs: 5000,
};

/** What differs from test to test: shell scripts of the two containers, and objects that are added. */
export interface Manifests {
  readonly config?: AgentConfig;
  readonly server?: string;
  readonly agent?: string;
  readonly preStop?: string;
  readonly replicas?: number;
  readonly persistent?: boolean;
  readonly more?: readonly object[];
}

const held = `rm -f ${paths.stopping} ${paths.stopped}; until rm ${paths.run}/permit 2>/dev/null; do sleep 0.02; done; exec sleep 600`;

/** Manifests whose containers are shell scripts: what a supervisor does can be seen without a database. */
export function manifests(options: Manifests = {}): string {
  const { server = held, agent = 'exec sleep 600', preStop, replicas = 2, persistent = true, more = [] } = options;
  const shell = (script: string) => ['sh', '-c', script];
  const set = {
    kind: 'StatefulSet',
    metadata: { name: 'orders-shard-0' },
    spec: {
      replicas,
      template: {
        spec: {
          containers: [
            {
              name: containers.server,
              command: shell(server),
              volumeMounts: [
                { name: 'run', mountPath: paths.run },
                { name: 'data', mountPath: paths.data },
                { name: 'config', mountPath: '/etc/keyspace/server' },
              ],
              ...(preStop ? { lifecycle: { preStop: { exec: { command: shell(preStop) } } } } : {}),
            },
          ],
          initContainers: [
            {
              name: containers.agent,
              args: shell(agent),
              env: [
                { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
                {
                  name: 'ZONE',
                  valueFrom: { fieldRef: { fieldPath: "metadata.labels['topology.kubernetes.io/zone']" } },
                },
              ],
              volumeMounts: [
                { name: 'contract', mountPath: paths.agentConfig },
                { name: 'auth', mountPath: paths.auth },
                { name: 'token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
              ],
            },
          ],
          volumes: [
            { name: 'run', emptyDir: { medium: 'Memory' } },
            ...(persistent ? [] : [{ name: 'data', emptyDir: {} }]),
            { name: 'config', configMap: { name: 'orders-server' } },
            { name: 'contract', configMap: { name: 'orders-agent' } },
            { name: 'auth', secret: { secretName: 'orders-auth', items: [{ key: 'word', path: 'password' }] } },
            {
              name: 'token',
              projected: {
                sources: [
                  { serviceAccountToken: { path: 'token' } },
                  { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
                ],
              },
            },
          ],
        },
      },
      volumeClaimTemplates: persistent ? [{ metadata: { name: 'data' } }] : [],
    },
  };
  const directives = `bind * -::*\nport 6379\ndir ${paths.data}\ninclude ${paths.nodeConfig}\n`;
  const objects = [
    { kind: 'ConfigMap', metadata: { name: 'orders-server' }, data: { [keys.serverConfig]: directives } },
    { kind: 'ConfigMap', metadata: { name: 'orders-agent' }, data: renderAgentConfig(options.config ?? config) },
    { kind: 'Service', metadata: { name: 'orders' }, spec: {} },
    set,
    ...more,
  ];
  return objects.map((object) => stringify(object)).join('---\n');
}

/** A folder that is gone after the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keyspace-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Waits for something to become true. Rejects after `boundMs` with what it waited for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, boundMs = 5_000): Promise<void> {
  const endsAt = Date.now() + boundMs;
  while (!(await holds())) {
    if (Date.now() > endsAt) throw new Error(`not within ${boundMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
