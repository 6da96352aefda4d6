/** A primary with two replicas and three Sentinels: clients find the primary through its Service, or ask the Sentinels. */
import { objectNames, ports } from '../../lib/contract/names';
import { createKiller, type Killer } from './support/kill';
import { seconds, tell } from './support/progress';
import { whileWriting, type Written } from './support/recorder-pod';
import { applyReplicated, type ReplicatedOnCluster } from './support/replicated';
import { until } from './support/until';

jest.setTimeout(400_000);

const database = 'jobs';
const names = objectNames(database);

/** From the event to a write, on a machine that is shared: most of it is the Service's own, or a Sentinel's. Milliseconds. */
const silenceMs = 15_000;

const spec = `
kind: Sentinel
metadata: { name: ${database} }
spec:
  engine: valkey
  version: '8.1'
  tls: off
  replicas: 2
  persistence: { size: 1Gi }
  resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 128Mi } }
`;

let jobs: ReplicatedOnCluster;
let killer: Killer;

/** Clients of both kinds. */
let leader: Written;
let asking: Written;

beforeAll(async () => {
  jobs = await applyReplicated(database, spec, 'sentinel');
  killer = await createKiller();
  const { namespace, setting, quietNode } = jobs;
  const shared = { namespace, setting, quietNode, secret: names.generatedPassword, whole: true };
  leader = { ...shared, seeds: [`${names.leaderService}:${ports.client}`] };
  const master = `${database}.${namespace.name}`;
  asking = { ...shared, seeds: [`${names.sentinelService}:${ports.sentinel}`], master };
});
afterAll(async () => {
  await killer.remove();
  await jobs.namespace.remove();
});

/** Something happens to the primary while clients of both kinds write; another one is primary afterwards, and the Sentinels agree. */
async function expectAnother(what: string, happen: (name: string) => Promise<void>): Promise<void> {
  const before = await jobs.primary();
  const silences: number[] = [];
  const felt = await whileWriting(leader, `${what}-service`, async () => {
    const { longestSilenceMs } = await whileWriting(asking, `${what}-sentinel`, async () => {
      await happen(before.name);
      await until('another is primary', 30_000, async () =>
        (await jobs.primary()).name === before.name ? `${before.name} is` : undefined,
      );
      await jobs.untilWhole();
    });
    silences.push(longestSilenceMs);
  });
  for (const silentMs of [...silences, felt.longestSilenceMs]) expect(silentMs).toBeLessThan(silenceMs);
  expect((await jobs.status()).sentinels).toMatchObject({ count: 3, watching: 3 });
}

test('becomes whole', async () => {
  tell(`sentinel: whole after ${seconds(await jobs.untilWhole())}`);
  expect((await jobs.status()).sentinels).toMatchObject({ count: 3, watching: 3, needed: 2 });
});

test('has a new primary for clients of both kinds when the server of the old one is killed', async () => {
  await expectAnother('killed', async () => killer.kill(await jobs.primary(), 'server'));
});

test('hands over when the pod of the primary is deleted', async () => {
  await expectAnother('deleted', async (name) => {
    await jobs.namespace.kubectl(['delete', 'pod', name], { boundMs: 150_000 });
  });
});
