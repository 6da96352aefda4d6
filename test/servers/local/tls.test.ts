import { startDatabase } from '../support/database';
import { testEngines } from '../support/engines';

jest.setTimeout(120_000);

describe.each(testEngines(['valkey-8.1', 'redis-7.0']))('on $label', ({ find }) => {
  test('with TLS and client certificates the database forms, and serves a client that has them', async () => {
    const database = await startDatabase({ server: await find(), tls: true });
    await database.untilHealthy();
    const client = database.client();
    await client.set('order', 'a lamp');
    expect(await client.get('order')).toBe('a lamp');
  });
});
