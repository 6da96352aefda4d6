/** A database of one node whose password is made in the cluster, from nothing to nothing. */
import { buildApp } from '../../charts/app';
import { containers, objectNames } from '../../lib/contract/names';
import { startHelper } from './support/helper-pods';
import { createNamespace, type Namespace } from './support/namespace';
import { workers } from './support/nodes';
import { serverPods, serverPodsOf } from './support/pods';
import { seconds, tell } from './support/progress';
import { readSetting } from './support/setting';
import { until } from './support/until';

jest.setTimeout(180_000);

const database = 'counter';
const names = objectNames(database);
const pod = `${names.statefulSet('server')}-0`;

const spec = `
kind: Standalone
metadata: { name: ${database} }
spec:
  engine: valkey
  version: '8.1'
  tls: off
  persistence: { size: 1Gi }
  resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 128Mi } }
`;

let namespace: Namespace;
let manifests: string;

/** What a spec becomes in the namespace of the test. */
function synthesize(text: string): string {
  const { agentImage } = readSetting();
  const placed = text.replace('metadata: {', `metadata: { namespace: ${namespace.name},`);
  const { app, problems } = buildApp([{ name: 'spec.yaml', text: placed }], { agentImage });
  expect(problems).toEqual([]);
  return app.synthYaml();
}

beforeAll(async () => {
  namespace = await createNamespace('standalone', 'restricted');
  manifests = synthesize(spec);
});
afterAll(() => namespace.remove());

const apply = (others = manifests) => namespace.kubectl(['apply', '--filename=-'], { input: others });

const untilReady = (boundMs: number, name = database): Promise<number> =>
  until('the database is ready', boundMs, async () => {
    const [found] = await serverPods(namespace, name);
    if (!found?.ready) return `the pod of ${name} is not ready`;
    return found.role === 'primary' ? undefined : `the pod of ${name} is labelled "${found.role}"`;
  });

async function readPassword(name = database): Promise<string> {
  const { data } = await namespace.get<{ data: { password: string } }>(['secret', `${name}-auth`]);
  return Buffer.from(data.password, 'base64').toString();
}

/** A command from another pod. */
const send = (password: string, ...command: readonly string[]): Promise<string> =>
  sendTo(names.leaderService, password, ...command);

async function sendTo(service: string, password: string, ...command: readonly string[]): Promise<string> {
  const client = ['valkey-cli', '-h', service, '--no-auth-warning', '-a', password];
  return (await namespace.kubectl(['exec', 'client', '--', ...client, ...command])).trim();
}

test('is ready within 60 s, with a password that nobody had to make', async () => {
  await apply();
  tell(`standalone: ready after ${seconds(await untilReady(60_000))}`);
  const password = await readPassword();
  expect(password.length).toBeGreaterThanOrEqual(24);
  expect(manifests).not.toContain(password);
});

test('serves clients of another pod that know the password, and nobody else', async () => {
  const [node] = (await workers()).slice(-1);
  const client = { name: 'client', image: 'valkey/valkey:8.1', command: ['sleep', '7200'] };
  await startHelper(namespace, { name: 'client', node: node!, containers: [client] });
  const password = await readPassword();
  await expect(send(password, 'set', 'greeting', 'hello')).resolves.toBe('OK');
  await expect(send(password, 'get', 'greeting')).resolves.toBe('hello');
  await expect(send('a guess', 'get', 'greeting')).resolves.toContain('NOAUTH');
});

test('`keyspace status` says Healthy', async () => {
  const status = ['exec', pod, `--container=${containers.agent}`, '--', 'keyspace', 'status'];
  await expect(namespace.kubectl(status)).resolves.toMatch(/^counter is Healthy: 1 of 1 nodes up/);
});

test('deleted, it is gone within 30 s and leaves its volume; applied again, it has a new password and every key', async () => {
  const before = await readPassword();
  const began = performance.now();
  await namespace.kubectl(['delete', '--filename=-'], { input: manifests });
  await until('the pod is gone', 30_000, async () =>
    (await serverPods(namespace, database)).length === 0 ? undefined : 'it is there',
  );
  const endedMs = performance.now() - began;
  const claims = await namespace.get<{ items: readonly unknown[] }>(['persistentvolumeclaims', serverPodsOf(database)]);
  expect(claims.items).toHaveLength(1);
  await apply();
  tell(
    `standalone: deleted in ${seconds(endedMs)}, ready ${seconds(await untilReady(60_000))} after it was applied again`,
  );
  const password = await readPassword();
  expect(password).not.toBe(before);
  await expect(send(password, 'get', 'greeting')).resolves.toBe('hello');
});

/** Writes every few milliseconds, and notes when each write was acknowledged: in memory, for nothing else of the pod can be written to. */
const counting = `while sleep 0.01; do
  timeout 1 valkey-cli -h ${names.leaderService} --no-auth-warning -a "$1" incr count | grep -qx '[0-9]*' && cut -d ' ' -f 1 /proc/uptime
done > /dev/shm/acknowledged`;

/** What is away while a database of one node is replaced, on a machine that is shared. Milliseconds. */
const awayMs = 30_000;

test('is upgraded by one pod in place of another: every write is there, and the pause is as long as a pod takes', async () => {
  const password = await readPassword();
  const inClient = (...command: string[]) => namespace.kubectl(['exec', 'client', '--', ...command]);
  await inClient(
    'sh',
    '-c',
    `sh -c '${counting.replaceAll("'", "'\\''")}' counting ${password} < /dev/null > /dev/null 2>&1 & echo $! > /dev/shm/pid`,
  );
  const countOf = async () => Number(await send(password, 'get', 'count').catch(() => '0'));
  await until('there are writes', 30_000, async () => ((await countOf()) > 50 ? undefined : 'there are few'));
  const before = await countOf();
  const version = () => send(password, 'info', 'server').catch(() => '');
  await apply(synthesize(spec.replace("version: '8.1'", "version: '9.1'")));
  await until('the new version serves', 120_000, async () =>
    (await version()).includes('valkey_version:9.1') ? undefined : 'it does not yet',
  );
  await untilReady(60_000);
  await until('writes go on', 30_000, async () => ((await countOf()) > before + 100 ? undefined : 'they do not'));
  await inClient('sh', '-c', 'kill $(cat /dev/shm/pid)');
  const times = (await inClient('cat', '/dev/shm/acknowledged'))
    .trim()
    .split('\n')
    .map((line) => Number(line) * 1000);
  const longest = Math.max(...times.slice(1).map((at, index) => at - times[index]!));
  tell(`standalone: upgraded under ${times.length} writes, the longest pause was ${seconds(longest)}`);
  expect(await countOf()).toBeGreaterThanOrEqual(times.length);
  // Where nothing was away nothing was measured.
  expect(longest).toBeGreaterThan(100);
  expect(longest).toBeLessThan(awayMs);
  await expect(send(password, 'get', 'greeting')).resolves.toBe('hello');
});

const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'backups' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

const backups = 'volume: { claimName: backups }';

const isDone = async (): Promise<string | undefined> => {
  const { items } = await namespace.get<{ items: readonly { status: { succeeded?: number } }[] }>(['jobs']);
  return items.some(({ status }) => status.succeeded === 1) ? undefined : 'it is not';
};

test('is backed up by a Job, and a database of a newer version starts from that', async () => {
  await namespace.create(claim);
  const named = (name: string, more: string) =>
    spec.replace(database, name).replace('  engine:', `  ${more}\n  engine:`);
  const origin = (once: string) =>
    synthesize(named('origin', `backup: { destination: { ${backups} }, once: [${once}] }`));
  await apply(origin(''));
  await untilReady(60_000, 'origin');
  const service = (name: string) => objectNames(name).leaderService;
  const first = await readPassword('origin');
  await until('its Service leads to it', 30_000, async () => {
    const reply = await sendTo(service('origin'), first, 'set', 'greeting', 'from the backup').catch(String);
    return reply === 'OK' ? undefined : reply;
  });
  await apply(origin('before'));
  await until('the backup is made', 120_000, isDone);
  const from = `restore: { source: { ${backups} }, database: ${namespace.name}/origin, backup: before }`;
  await apply(synthesize(named('copy', from).replace("version: '8.1'", "version: '9.1'")));
  tell(`standalone: restored ${seconds(await untilReady(60_000, 'copy'))} after it was applied`);
  const password = await readPassword('copy');
  await until('its Service leads to it', 30_000, async () => {
    const greeting = await sendTo(service('copy'), password, 'get', 'greeting').catch(String);
    return greeting === 'from the backup' ? undefined : greeting;
  });
});
