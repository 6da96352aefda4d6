/** The example with TLS, as it is in `dist/`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { credentialsOf } from '../../sidecar/local/client';
import { supportsTls, type LocalServer } from '../../sidecar/local/engines';
import { busSignature, greetBus, greetEncryptedBus } from './support/bus';
import { startDatabase } from './support/database';
import { testEngines, type TestEngine } from './support/engines';
import { tell } from './support/progress';
import { waitFor } from './support/wait';
import { untilWhole } from './support/wholeness';

jest.setTimeout(120_000);

const manifests = readFileSync(join(__dirname, '../../dist/sessions.k8s.yaml'), 'utf8');

/** undefined where the server was built without TLS, which is said; in CI that is a failure. */
async function findEncrypting({ label, find }: TestEngine): Promise<LocalServer | undefined> {
  const server = await find();
  if (await supportsTls(server.file)) return server;
  const lack = `${label} was built without TLS`;
  if (process.env.CI !== undefined && process.env.KEYSPACE_ENGINES !== undefined) throw new Error(lack);
  tell(`${lack}: left out`);
  return undefined;
}

// A cluster of KeyDB has no TLS: see the rules of the spec.
describe.each(testEngines(['valkey-8.1', 'valkey-9.1']))('an encrypted database on $label', (engine) => {
  test('forms, and loses nothing confirmed when a primary is killed', async () => {
    const server = await findEncrypting(engine);
    if (!server) return;
    const database = await startDatabase({ server, manifests });
    await untilWhole(database);
    const recording = await database.record();
    await database.until('there are writes', () => recording.confirmed() >= 500);
    const primary = await database.primaryOf('shard-0');
    await database.local.pod(primary).server.kill();
    const accounts = await untilWhole(database);
    expect(accounts.find(({ node }) => node === primary)?.self.role).toBe('replica');
    await recording.verify();
  });

  test('has a cluster bus that says nothing in the clear, where another does', async () => {
    const server = await findEncrypting(engine);
    if (!server) return;
    const [encrypted, open] = await Promise.all([startDatabase({ server, manifests }), startDatabase({ server })]);
    const [theirs, ours] = [open, encrypted].map(({ local }) => local.pods()[0]!.address);
    await waitFor('an open bus answers', async () => (await greetBus(theirs!)) === busSignature, 30_000);
    const { tls } = credentialsOf(encrypted.local);
    const greet = () => greetEncryptedBus(ours!, tls ?? {});
    await waitFor(
      'an encrypted bus answers whoever has a certificate',
      async () => (await greet()) === busSignature,
      30_000,
    );
    expect(await greetBus(ours!).catch(() => '')).not.toBe(busSignature);
  });
});
