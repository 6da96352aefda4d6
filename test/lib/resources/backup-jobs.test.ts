import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import type { BackupProps } from '../../../lib/spec/props/backup-props';
import { named, ofKind, synthesize, type Manifest } from '../synthesize';

const s3 = { s3: { bucket: 'backups', credentials: { name: 'store' } } };
const schedules = [{ name: 'nightly', cron: '0 3 * * *', timeZone: 'Europe/Berlin' }];

const make = (backup: Partial<BackupProps> = {}, props: Parameters<typeof synthesize>[0] = {}): Manifest[] =>
  synthesize({ backup: { destination: s3, schedules, ...backup }, ...props });

interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: k8s.PodSpec;
}

const templateOf = (job: Manifest): PodTemplate =>
  (job.kind === 'CronJob' ? (job.spec.jobTemplate as Manifest) : job).spec.template as unknown as PodTemplate;

const nightly = (manifests: readonly Manifest[]) => named(manifests, 'CronJob', 'orders-backup-nightly');

const backups = (manifests: readonly Manifest[]): Manifest[] =>
  ofKind(manifests, 'Job').filter((job) => templateOf(job).metadata.labels['app.kubernetes.io/component'] === 'backup');

test('each schedule is a CronJob that never runs twice at once', () => {
  expect(nightly(make()).spec).toMatchObject({
    schedule: '0 3 * * *',
    timeZone: 'Europe/Berlin',
    suspend: false,
    concurrencyPolicy: 'Forbid',
  });
  const [container] = templateOf(nightly(make())).spec.containers;
  expect(container?.args).toEqual(['backup', '--schedule', 'nightly']);
});

test('no backup is made where the spec suspends it, or has nobody run', () => {
  expect(nightly(make({ schedules: [{ ...schedules[0]!, suspended: true }] })).spec.suspend).toBe(true);
  const asleep = make({ once: ['now'], verification: { cron: '0 5 * * 0' } }, { state: 'hibernated' });
  expect(nightly(asleep).spec.suspend).toBe(true);
  expect(backups(asleep)).toEqual([]);
  expect(named(asleep, 'CronJob', 'orders-verification').spec.suspend).toBe(false);
});

test('a backup that is made once is a Job, another one when anything of it changes', () => {
  const jobs = (...once: string[]) => backups(make({ once })).map(({ metadata }) => metadata.name);
  const [one, two] = jobs('before-sale', 'after-sale');
  expect(one).toMatch(/^orders-backup-[0-9a-f]{8}$/);
  expect(two).not.toBe(one);
  expect(jobs('before-sale')).toEqual([one]);
  const other = backups(make({ once: ['before-sale'] }, { imagePullPolicy: 'Always' }));
  expect(other[0]?.metadata.name).not.toBe(one);
});

test('verification reads the newest backup', () => {
  const [container] = templateOf(named(make({ verification: { cron: '0 5 * * 0' } }), 'CronJob', 'orders-verification'))
    .spec.containers;
  expect(container?.args).toEqual(['backup', '--verify', 'latest']);
});

test('the pods are let in by the network policy, and picked by no selector of the database', () => {
  const manifests = make({}, { networkPolicy: {} });
  const { labels } = templateOf(nightly(manifests)).metadata;
  const picks = (selector: Readonly<Record<string, string>>) =>
    Object.entries(selector).every(([name, value]) => labels[name] === value);
  const policy = named(manifests, 'NetworkPolicy', 'orders').spec as unknown as k8s.NetworkPolicySpec;
  expect(policy.ingress?.[0]?.from?.map(({ podSelector }) => picks(podSelector!.matchLabels!))).toEqual([true]);
  expect(picks(policy.podSelector.matchLabels!)).toBe(false);
  const selectors = manifests.flatMap(({ kind, spec }) => {
    if (kind === 'Service') return [spec.selector as Record<string, string>];
    const isSet = kind === 'PodDisruptionBudget' || kind === 'StatefulSet';
    return isSet ? [(spec.selector as { matchLabels: Record<string, string> }).matchLabels] : [];
  });
  expect(selectors.length).toBeGreaterThan(6);
  expect(selectors.filter(picks)).toEqual([]);
});

test('the pods may do nothing at the API, and see of all passwords only the one that they need', () => {
  const users = [{ name: 'app', secret: { name: 'app' }, keys: ['*'], commands: ['+@read'] }];
  const manifests = make({}, { auth: { secret: { name: 'orders-auth' }, users } });
  const { spec } = templateOf(nightly(manifests));
  expect(spec).toMatchObject({ serviceAccountName: 'orders-backup', automountServiceAccountToken: false });
  expect(named(manifests, 'ServiceAccount', 'orders-backup').automountServiceAccountToken).toBe(false);
  expect(JSON.stringify(ofKind(manifests, 'RoleBinding'))).not.toContain('orders-backup');
  expect(spec.volumes).toEqual([
    { name: 'agent-config', configMap: { name: 'orders-agent' } },
    {
      name: 'auth',
      projected: {
        defaultMode: 0o440,
        sources: [{ secret: { name: 'orders-auth', items: [{ key: 'password', path: 'password' }] } }],
      },
    },
    { name: 'backup', secret: { secretName: 'store', defaultMode: 0o440 } },
  ]);
});

test('the pods meet the restricted Pod Security Standard', () => {
  const { spec } = templateOf(nightly(make()));
  expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
  expect(spec.containers[0]?.securityContext).toMatchObject({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

test('a volume is mounted to be written to', () => {
  const { spec } = templateOf(nightly(make({ destination: { volume: { claimName: 'backups' } } })));
  expect(spec.volumes?.at(-1)).toEqual({ name: 'backup', persistentVolumeClaim: { claimName: 'backups' } });
  expect(spec.containers[0]?.volumeMounts?.at(-1)).toEqual({ name: 'backup', mountPath: '/stores/backup' });
});

test('a backup cannot be called what stands for the newest', () => {
  expect(() => make({ once: ['latest'] })).toThrow('must not be "latest", which stands for the newest backup');
});
