/** A primary with two replicas: the Service of the primary finds it wherever it is, and the Lease says who it is. */
import { objectNames, ports } from '../../lib/contract/names';
import { createKiller, type Killer } from './support/kill';
import { seconds, tell } from './support/progress';
import { whileWriting, type Written } from './support/recorder-pod';
import { applyReplicated, type ReplicatedOnCluster } from './support/replicated';

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

let queue: ReplicatedOnCluster;
let killer: Killer;
let written: Written;

beforeAll(async () => {
  queue = await applyReplicated(database, spec, 'replication');
  killer = await createKiller();
  const { namespace, setting, quietNode } = queue;
  const seeds = [`${names.leaderService}:${ports.client}`];
  written = { namespace, setting, quietNode, seeds, secret: names.generatedPassword, whole: true };
});
afterAll(async () => {
  await killer.remove();
  await queue.namespace.remove();
});

test('becomes whole', async () => {
  tell(`replication: whole after ${seconds(await queue.untilWhole())}`);
});

test('has a new primary behind its Service when the server of the old one is killed', async () => {
  const before = await queue.primary();
  const { longestSilenceMs } = await whileWriting(written, 'killed', async () => {
    await killer.kill(before, 'server');
    await queue.untilWhole();
  });
  expect((await queue.primary()).name).not.toBe(before.name);
  expect(longestSilenceMs).toBeLessThan(serviceMs);
});

test('hands over when the pod of the primary is deleted', async () => {
  const before = await queue.primary();
  const { longestSilenceMs } = await whileWriting(written, 'deleted', async () => {
    await queue.namespace.kubectl(['delete', 'pod', before.name], { boundMs: 150_000 });
    await queue.untilWhole();
  });
  expect((await queue.primary()).name).not.toBe(before.name);
  expect(longestSilenceMs).toBeLessThan(serviceMs);
});
