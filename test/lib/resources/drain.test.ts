import { App, Chart } from 'cdk8s';
import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';

import { MultiMaster, Replication, Standalone, type ClusterProps } from '../../../lib';
import { named, ofKind, synthesize, type Manifest } from '../synthesize';

const hookOf = ({ metadata }: Manifest) => metadata.annotations['argocd.argoproj.io/hook'];
const waveOf = ({ metadata }: Manifest) => Number(metadata.annotations['argocd.argoproj.io/sync-wave']);

const hooks = (props: Partial<ClusterProps> = {}): Manifest[] =>
  synthesize(props).filter((manifest) => hookOf(manifest) !== undefined);

const jobOf = (props: Partial<ClusterProps> = {}): Manifest => ofKind(hooks(props), 'Job')[0]!;
const podOf = (job: Manifest): k8s.PodSpec => job.spec.template.spec as k8s.PodSpec;

test('Argo CD runs a Job before each sync, once all that it needs is there', () => {
  const found = hooks();
  expect(found.map(({ kind }) => kind)).toEqual(['ServiceAccount', 'Role', 'RoleBinding', 'ConfigMap', 'Job']);
  expect(new Set(found.map(hookOf))).toEqual(new Set(['PreSync']));
  const waves = found.map(waveOf);
  expect(Math.max(...waves.slice(0, -1))).toBeLessThan(waves.at(-1)!);
});

test.each(['flux', 'none'] as const)('%s has no hooks, and no Job that is of no use there', (gitOps) => {
  expect(synthesize({ gitOps }).filter(({ metadata }) => metadata.name.includes('drain'))).toEqual([]);
});

test('only a cluster has shards that leave', () => {
  const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
  const props = { engine: 'valkey', tls: 'off', persistence: { size: '1Gi' } } as const;
  new Replication(chart, 'orders', props);
  new Standalone(chart, 'jobs', props);
  new MultiMaster(chart, 'sessions', { ...props, engine: 'keydb' });
  expect(JSON.stringify(chart.toJson())).not.toContain('PreSync');
});

test('the Job has the contract that is to come, as the agents are to have it', () => {
  const manifests = synthesize({ shards: 4 });
  const dataOf = (name: string) => named(manifests, 'ConfigMap', name).data;
  expect(dataOf('orders-drain')).toEqual(dataOf('orders-agent'));
  expect(podOf(jobOf({ shards: 4 })).volumes?.[0]).toEqual({
    name: 'agent-config',
    configMap: { name: 'orders-drain' },
  });
});

test('another target, image or patience is another Job: none is taken for one that has ended', () => {
  const nameOf = (props: Partial<ClusterProps> = {}) => jobOf(props).metadata.name;
  expect(nameOf()).toMatch(/^orders-drain-[0-9a-f]{8}$/);
  expect(nameOf()).toBe(nameOf());
  const others = [
    { shards: 4 },
    { imagePullPolicy: 'Always' },
    { terminationGracePeriodSeconds: 7200 },
    { rebalancing: 'paused' },
  ] as const;
  expect(new Set([nameOf(), ...others.map(nameOf)]).size).toBe(5);
});

test('the Job may read what runs and how it is, and write beside the Lease', () => {
  expect(named(hooks(), 'Role', 'orders-drain').rules).toEqual([
    { apiGroups: [''], resources: ['configmaps'], resourceNames: ['orders-agent', 'orders-status'], verbs: ['get'] },
    {
      apiGroups: ['coordination.k8s.io'],
      resources: ['leases'],
      resourceNames: ['orders-coordinator'],
      verbs: ['patch'],
    },
  ]);
  expect(named(hooks(), 'RoleBinding', 'orders-drain').subjects).toEqual([
    { kind: 'ServiceAccount', name: 'orders-drain', namespace: 'shop' },
  ]);
});

test('its pod waits for nothing that a first install does not have yet: no Secret, and no ConfigMap but its own', () => {
  const props = { auth: {}, tls: { issuer: { name: 'ca' }, clientCertificates: 'required' }, monitoring: {} } as const;
  const { volumes, containers } = podOf(jobOf(props));
  expect(JSON.stringify(volumes)).not.toMatch(/secretName|"secret"/);
  expect(volumes?.map(({ name }) => name)).toEqual(['agent-config', 'token']);
  expect(containers[0]?.args).toEqual(['drain', '--patience', '3600']);
});

test('the Job fails at once where it says so, is not blamed for being moved, and is tried again where it was killed', () => {
  expect(jobOf().spec).toMatchObject({
    backoffLimit: 6,
    ttlSecondsAfterFinished: 86_400,
    podFailurePolicy: {
      rules: [
        { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
        { action: 'FailJob', onExitCodes: { containerName: 'agent', operator: 'In', values: [1] } },
      ],
    },
  });
  expect(podOf(jobOf()).restartPolicy).toBe('Never');
});

test('with a network policy the Job reaches the API server and nothing else', () => {
  const policy = named(hooks({ networkPolicy: {} }), 'NetworkPolicy', 'orders-drain');
  expect(policy.spec).toEqual({
    podSelector: {
      matchLabels: { 'app.kubernetes.io/instance': 'orders', 'app.kubernetes.io/component': 'drain' },
    },
    policyTypes: ['Ingress', 'Egress'],
    egress: [{ ports: [443, 6443].map((port) => ({ port, protocol: 'TCP' })) }],
  });
  expect(jobOf().spec.template.metadata.labels).toMatchObject(
    (policy.spec.podSelector as k8s.LabelSelector).matchLabels!,
  );
  expect(waveOf(policy)).toBeLessThan(waveOf(jobOf()));
});
