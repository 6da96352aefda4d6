/** Pods that are told to end, as the kubelet tells them. */
import { testEngines } from './support/engines';
import { useDatabase } from './support/fixture';
import { tell } from './support/progress';
import { untilWhole } from './support/wholeness';

jest.setTimeout(120_000);

const shard = 'shard-0';

/** Far more than any end takes here. Milliseconds. */
const graceMs = 60_000;

/** A database that is deleted must be gone within this. Milliseconds. */
const goneWithinMs = 30_000;

describe.each(testEngines())('a pod that ends on $label', ({ label, find }) => {
  const fixture = useDatabase(label, async () => ({ server: await find() }));

  /** Writes that nobody waits for replicas with: what was accepted has to survive an end that was announced. */
  async function recordAccepted() {
    const { database } = fixture();
    const recording = await database.record({ confirmations: 0, paceMs: 1 });
    await database.until('there are writes', () => recording.confirmed() >= 500);
    return { database, recording, primary: await database.primaryOf(shard) };
  }

  test('hands over first where it is a primary: no accepted write is lost', async () => {
    const { database, recording, primary } = await recordAccepted();
    const began = performance.now();
    await database.local.pod(primary).end(graceMs);
    const tookMs = Math.round(performance.now() - began);
    expect(await database.primaryOf(shard)).not.toBe(primary);
    await database.local.start(primary);
    await untilWhole(database);
    const pauseMs = Math.round(recording.longestSilenceMs());
    tell(`${label}: a primary has ended after ${tookMs} ms, no write for ${pauseMs} ms`);
    expect(pauseMs).toBeLessThan(database.local.plan.config.nodeTimeoutMs);
    await recording.verify();
  });

  test('goes at once where it is a replica', async () => {
    const { database, recording, primary } = await recordAccepted();
    const { nodes } = await database.status();
    const replica = nodes.find((node) => node.shard === shard && node.name !== primary)!.name;
    const began = performance.now();
    await database.local.pod(replica).end(graceMs);
    const tookMs = Math.round(performance.now() - began);
    await database.local.start(replica);
    await untilWhole(database);
    const pauseMs = Math.round(recording.longestSilenceMs());
    tell(`${label}: a replica has ended after ${tookMs} ms, no write for ${pauseMs} ms`);
    expect(await database.primaryOf(shard)).toBe(primary);
    await recording.verify();
  });

  test('waits for nobody where all end together, and every key is there when they are back', async () => {
    const { database, recording } = await recordAccepted();
    const began = performance.now();
    await Promise.all(database.local.pods().map((pod) => pod.end(graceMs)));
    const tookMs = Math.round(performance.now() - began);
    await Promise.all(database.local.plan.pods.map(({ name }) => database.local.start(name)));
    await untilWhole(database);
    tell(`${label}: six nodes have ended after ${tookMs} ms`);
    expect(tookMs).toBeLessThan(goneWithinMs);
    await recording.verify();
  });
});
