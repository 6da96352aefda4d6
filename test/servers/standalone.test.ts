/** A database of one node, by the same agent. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { App, Chart, Yaml } from 'cdk8s';

import { Standalone } from '../../lib';
import type { Engine } from '../../lib/contract/engines';
import { layout } from '../../sidecar/local/layout';
import { startDatabase, type TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { tell } from './support/progress';

jest.setTimeout(120_000);

/** Far more than any end takes here. Milliseconds. */
const graceMs = 60_000;

/** A database that is deleted must be gone within this. Milliseconds. */
const goneWithinMs = 30_000;

const node = 'counter-server-0';
const keys = Array.from({ length: 200 }, (_, i) => `key:${i}`);

describe.each(testEngines())('a standalone database on $label', ({ label, find }) => {
  async function start(): Promise<TestDatabase> {
    const server = await find();
    const database = await startDatabase({ server, manifests: synthesize(server.engine) });
    await database.untilHealthy();
    return database;
  }

  test('serves, wears its role, and has every write of an append-only file back after a crash and after an end', async () => {
    const database = await start();
    const { root, plan } = database.local;
    expect((await database.status()).nodes).toMatchObject([{ name: node, role: 'primary', state: 'up' }]);
    const file = join(layout.platform(root, plan.config.database), 'roles', node);
    await database.until('it is labelled', async () => (await readFile(file, 'utf8').catch(() => '')) === 'primary');

    for (const key of keys) expect(await database.ask(node, 'SET', key, `value of ${key}`)).toBe('OK');
    const killedAt = performance.now();
    await database.local.pod(node).server.kill();
    await database.until('it has noticed, and serves again', async ({ health }) => {
      const back = await database.ask(node, 'EXISTS', keys[0]!).catch(() => 0);
      return health === 'Healthy' && back === 1;
    });
    tell(`${label}: serves again ${Math.round(performance.now() - killedAt)} ms after kill -9`);
    await expectKeys(database);

    const toldAt = performance.now();
    await database.local.pod(node).end(graceMs);
    expect(performance.now() - toldAt).toBeLessThan(goneWithinMs);
    await database.local.start(node);
    await database.untilHealthy();
    await expectKeys(database);
  });

  test('starts again when its agent has died meanwhile', async () => {
    const database = await start();
    await database.ask(node, 'SET', keys[0]!, 'kept');
    const pod = database.local.pod(node);
    await Promise.all([pod.agent.kill(), pod.server.kill()]);
    await database.until(
      'it serves again',
      async () => (await database.ask(node, 'GET', keys[0]!).catch(() => '')) === 'kept',
    );
  });

  const expectKeys = async (database: TestDatabase): Promise<void> => {
    const values = await Promise.all(keys.map((key) => database.ask(node, 'GET', key)));
    expect(values).toEqual(keys.map((key) => `value of ${key}`));
  };
});

function synthesize({ name: engine, version }: Engine): string {
  const chart = new Chart(new App(), 'counter', { namespace: 'shop' });
  new Standalone(chart, 'counter', {
    engine,
    version,
    auth: { secret: { name: 'counter-auth' } },
    tls: 'off',
    persistence: { size: '1Gi', appendOnly: { fsync: 'always' } },
  });
  return Yaml.stringify(...(chart.toJson() as object[]));
}
