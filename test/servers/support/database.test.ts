import { startDatabase } from './database';
import { testEngines } from './engines';

jest.setTimeout(180_000);

describe.each(testEngines(['valkey-8.1', 'valkey-9.1']))('on $label', ({ find }) => {
  test('a killed primary loses no write that its replica had confirmed', async () => {
    const database = await startDatabase({ server: await find() });
    await database.untilHealthy();
    const recording = await database.record();
    const primary = await database.primaryOf('shard-0');
    await database.local.pod(primary).server.kill();
    await database.until('the replica has taken over', ({ nodes }) =>
      nodes.some(({ name, shard, role }) => shard === 'shard-0' && role === 'primary' && name !== primary),
    );
    await database.untilHealthy();
    await recording.verify();
  });

  test('nodes that come back at new addresses find each other, and their data is there', async () => {
    const database = await startDatabase({ server: await find() });
    await database.untilHealthy();
    const recording = await database.record();
    await database.until('there are writes', () => recording.confirmed() >= 1000);
    const before = database.local.pods().map(({ address }) => address.client);
    await Promise.all(database.local.pods().map(({ name }) => database.readdress(name)));
    expect(database.local.pods().map(({ address }) => address.client)).not.toEqual(before);
    await database.untilHealthy();
    await recording.verify();
  });
});
