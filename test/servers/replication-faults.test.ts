/** A primary whose right to be one is in doubt, or that has lost what it had. */
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { layout } from '../../sidecar/local/layout';
import { watchAcknowledgements } from './support/acknowledgements';
import { untilSaid } from './support/agents';
import type { TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { tell } from './support/progress';
import { name as databaseName, shard, startReplicated } from './support/replicated';

jest.setTimeout(120_000);

/** The fence time, too. Milliseconds. */
const nodeTimeoutMs = 2000;

const [engine] = testEngines(['valkey-8.1']);

const folderOf = ({ local }: TestDatabase): string => layout.platform(local.root, local.plan.config.database);

/** Has the database's folder be a link, from before anything looks there. */
async function linkApi(root: string): Promise<void> {
  const folder = layout.platform(root, databaseName);
  await mkdir(`${folder}.kept`, { recursive: true });
  await writeFile(`${folder}.away`, 'away');
  await symlink(`${folder}.kept`, folder);
}

/** At once, so that nobody finds nothing there and begins anew. */
async function turnApi(folder: string, to: 'kept' | 'away'): Promise<void> {
  await symlink(`${folder}.${to}`, `${folder}.next`);
  await rename(`${folder}.next`, folder);
}

/** Nobody can read or write what stands in for the Kubernetes API. @returns brings it back */
async function takeApiAway(database: TestDatabase): Promise<() => Promise<void>> {
  await turnApi(folderOf(database), 'away');
  return () => turnApi(folderOf(database), 'kept');
}

describe('a primary whose right is in doubt', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await startReplicated(await engine!.find(), { nodeTimeoutMs }, { lifetime: 'file', prepare: linkApi });
  });
  afterAll(() => database.end());

  test('goes on while the API is away and its replicas know of no other', async () => {
    const primary = await database.primaryOf(shard);
    const watch = watchAcknowledgements(database);
    const bringBack = await takeApiAway(database);
    await delay(3 * nodeTimeoutMs);
    await bringBack();
    await watch.stop();
    expect(watch.nodes()).toEqual([primary]);
    expect(watch.longestSilenceMs()).toBeLessThan(500);
  });

  test('takes no writes within the fence time when nothing proves it, and goes on when something does', async () => {
    const primary = await database.primaryOf(shard);
    const agents = database.local.pods().flatMap(({ name, agent }) => (name === primary ? [] : [agent]));
    const bringBack = await takeApiAway(database);
    for (const agent of agents) agent.pause();
    const cutOffAt = performance.now();
    const refused = await untilRefused(primary);
    const fencedMs = Math.round(performance.now() - cutOffAt);
    for (const agent of agents) agent.resume();
    await bringBack();
    tell(`valkey-8.1: fenced after ${fencedMs} ms, told "${refused}"`);
    expect(refused).toMatch(/^NOREPLICAS/);
    expect(fencedMs).toBeLessThan(nodeTimeoutMs + 200);
    await database.until('it takes writes again', async () => (await database.ask(primary, 'SET', 'k', 'v')) === 'OK');
    expect(await database.primaryOf(shard)).toBe(primary);
  });

  test('writes the record again where it is lost', async () => {
    const primary = await database.primaryOf(shard);
    const watch = watchAcknowledgements(database);
    await rm(join(folderOf(database), 'primary'), { recursive: true });
    await untilSaid(database, /was lost, and is written again/);
    await delay(nodeTimeoutMs);
    await watch.stop();
    expect(watch.nodes()).toEqual([primary]);
    expect(watch.longestSilenceMs()).toBeLessThan(500);
  });

  test('hands over to the node that the spec names', async () => {
    const primary = await database.primaryOf(shard);
    const wished = database.local.plan.pods.find(({ name }) => name !== primary)!.name;
    const chosen = await startReplicated(await engine!.find(), { nodeTimeoutMs, primary: wished });
    await chosen.until('the one that is named is primary', async () => (await chosen.primaryOf(shard)) === wished);
  });

  async function untilRefused(node: string): Promise<string> {
    for (;;) {
      const refused = await database.ask(node, 'SET', 'k', 'v').then(
        () => undefined,
        (error: unknown) => (error as Error).message,
      );
      if (refused !== undefined) return refused;
      await delay(5);
    }
  }
});

describe('a primary with replicas that keeps nothing on disk', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await startReplicated(await engine!.find(), { nodeTimeoutMs, persistence: 'off' }, { lifetime: 'file' });
  });
  afterAll(() => database.end());

  test('never comes back empty: a replica takes over, or everybody waits for one that hangs', async () => {
    const recording = await database.record();
    await database.until('there are writes', () => recording.confirmed() >= 500);
    const primary = await database.primaryOf(shard);
    const replicas = database.local.pods().filter(({ name }) => name !== primary);
    for (const { server } of replicas) server.pause();
    await database.local.pod(primary).server.kill();
    await untilSaid(database, /held: it was primary and has no data/).finally(() =>
      replicas.forEach(({ server }) => server.resume()),
    );
    await database.until('a replica has taken over', async () => (await database.primaryOf(shard)) !== primary);
    await database.untilHealthy();
    await recording.verify();
  });

  test('starts anew when everybody has lost everything', async () => {
    await Promise.all(database.local.pods().map(({ server }) => server.kill()));
    await database.until('it takes writes', async () => {
      const primary = await database.primaryOf(shard);
      return (await database.ask(primary, 'SET', 'k', 'v')) === 'OK';
    });
    await database.untilHealthy();
  });
});
