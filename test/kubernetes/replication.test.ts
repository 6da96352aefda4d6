/** A primary with two replicas: the Service of the primary finds it wherever it is, and the Lease says who it is. */
import { buildApp } from '../../charts/app';
import { keys, objectNames, ports } from '../../lib/contract/names';
import type { DatabaseStatus } from '../../sidecar/health';
import { createKiller, type Killer } from './support/kill';
import { createNamespace, type Namespace } from './support/namespace';
import { workers } from './support/nodes';
import { serverPods, type ServerPod } from './support/pods';
import { seconds, tell } from './support/progress';
import { whileWriting, type Written } from './support/recorder-pod';
import { readSetting } from './support/setting';
import { until } from './support/until';

jest.setTimeout(400_000);

const database = 'queue';
const names = objectNames(database);

/** From the event to a write through the Service, on a machine that is shared: most of it is the Service's own. Milliseconds. */
const serviceMs = 15_000;

const spec = `
kind: Replication
metadata: { name: ${database} }
spec:
  engine: valkey
  version: '8.1'
  tls: off
  replicas: 2
  persistence: { size: 1Gi }
  resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 128Mi } }
`;

let namespace: Namespace;
let killer: Killer;
let written: Written;

beforeAll(async () => {
  const setting = readSetting();
  namespace = await createNamespace('replication', 'restricted');
  killer = await createKiller();
  const text = spec.replace('metadata: {', `metadata: { namespace: ${namespace.name},`);
  const { app, problems } = buildApp([{ name: 'queue.yaml', text }], { agentImage: setting.agentImage });
  expect(problems).toEqual([]);
  await namespace.kubectl(['apply', '--filename=-'], { input: app.synthYaml() });
  const quietNode = (await workers()).at(-1)!;
  const seeds = [`${names.leaderService}:${ports.client}`];
  written = { namespace, setting, quietNode, seeds, secret: names.generatedPassword, whole: true };
});
afterAll(async () => {
  await killer.remove();
  await namespace.remove();
});

async function publishedStatus(): Promise<DatabaseStatus> {
  const { data } = await namespace.get<{ data?: Record<string, string> }>(['configmap', names.status]);
  const text = data?.[keys.status];
  if (text === undefined) throw new Error('no status is published');
  return JSON.parse(text) as DatabaseStatus;
}

/** Everything says the same: agents, labels and Lease. */
async function whyNotWhole(): Promise<string | undefined> {
  const pods = await serverPods(namespace, database);
  const waiting = pods.filter(({ ready }) => !ready);
  if (pods.length < 3 || waiting.length > 0)
    return `${pods.length} pods, not ready: ${waiting.map(({ name }) => name).join()}`;
  const { health, reasons, nodes } = await publishedStatus();
  if (health !== 'Healthy') return `${health}: ${reasons.join('; ')}`;
  const roles = nodes.map(({ name, role }) => `${name} ${role}`).join();
  const labelled = pods.map(({ name, role }) => `${name} ${role}`).join();
  if (roles !== labelled) return `agents say ${roles}, labels ${labelled}`;
  const holder = await namespace.kubectl(['get', 'lease', names.primary, '--output=jsonpath={.spec.holderIdentity}']);
  return pods.find(({ role }) => role === 'primary')?.name === holder ? undefined : `the Lease names ${holder}`;
}

const untilWhole = (): Promise<number> => until('the database is whole', 150_000, whyNotWhole);

const primary = async (): Promise<ServerPod> =>
  (await serverPods(namespace, database)).find(({ role }) => role === 'primary')!;

test('becomes whole', async () => {
  tell(`replication: whole after ${seconds(await untilWhole())}`);
});

test('has a new primary behind its Service when the server of the old one is killed', async () => {
  const before = await primary();
  const { longestSilenceMs } = await whileWriting(written, 'killed', async () => {
    await killer.kill(before, 'server');
    await untilWhole();
  });
  expect((await primary()).name).not.toBe(before.name);
  expect(longestSilenceMs).toBeLessThan(serviceMs);
});

test('hands over when the pod of the primary is deleted', async () => {
  const before = await primary();
  const { longestSilenceMs } = await whileWriting(written, 'deleted', async () => {
    await namespace.kubectl(['delete', 'pod', before.name], { boundMs: 150_000 });
    await untilWhole();
  });
  expect((await primary()).name).not.toBe(before.name);
  expect(longestSilenceMs).toBeLessThan(serviceMs);
});
