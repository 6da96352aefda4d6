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

beforeAll(async () => {
  const { agentImage } = readSetting();
  namespace = await createNamespace('standalone', 'restricted');
  const text = spec.replace('metadata: {', `metadata: { namespace: ${namespace.name},`);
  const { app, problems } = buildApp([{ name: 'counter.yaml', text }], { agentImage });
  expect(problems).toEqual([]);
  manifests = app.synthYaml();
});
afterAll(() => namespace.remove());

const apply = () => namespace.kubectl(['apply', '--filename=-'], { input: manifests });

const untilReady = (boundMs: number): Promise<number> =>
  until('the database is ready', boundMs, async () => {
    const [found] = await serverPods(namespace, database);
    if (!found?.ready) return `${pod} is not ready`;
    return found.role === 'primary' ? undefined : `${pod} is labelled "${found.role}"`;
  });

async function readPassword(): Promise<string> {
  const { data } = await namespace.get<{ data: { password: string } }>(['secret', `${database}-auth`]);
  return Buffer.from(data.password, 'base64').toString();
}

/** A command from another pod. */
async function send(password: string, ...command: readonly string[]): Promise<string> {
  const client = ['valkey-cli', '-h', names.leaderService, '--no-auth-warning', '-a', password];
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
