/** What a database that follows a source must never do, and what it says instead. */
import { join } from 'node:path';

import { tlsFiles } from '../../lib/contract/names';
import { layout } from '../../sidecar/local/layout';
import { makeCertificates } from '../../sidecar/local/machine/certificates';
import { supportsTls, type LocalServer } from '../../sidecar/local/engines';
import { layCable } from './support/cable';
import { testEngines } from './support/engines';
import { name, password, sourceAt, startFollower, tlsSecret, type Follower } from './support/follower';
import { tell } from './support/progress';
import { startSource, type SourceServer } from './support/source';
import { waitFor } from './support/wait';

jest.setTimeout(120_000);

const node = `${name}-server-0`;
const keys = Array.from({ length: 200 }, (_, i) => `key:${i}`);

/** Writes, or says why not. */
const write = ({ database }: Follower): Promise<string> => database.ask(node, 'SET', 'mine', '1').then(String, String);

const count = ({ database }: Follower) => database.ask(node, 'DBSIZE');

/** An engine writes its append-only file anew after each copy of everything, and until then has no other. */
const untilWritten = ({ database }: Follower) =>
  waitFor(
    'the append-only file has everything',
    async () =>
      String(await database.ask(node, 'INFO', 'persistence')).includes(
        'aof_rewrite_in_progress:0\r\naof_rewrite_scheduled:0',
      ),
    20_000,
  );

const untilReason = (follower: Follower, part: string) =>
  follower.untilSource(`the status says: ${part}`, ({ reason }) => reason?.includes(part) ?? false);

describe.each(testEngines(['valkey-8.1']))('on $label a follower', ({ find }) => {
  test('keeps what it has when its source comes back without it, and goes on when it comes back with it', async () => {
    const source = await startSource(await find(), { password });
    await source.fill(keys);
    await source.ask('SAVE');
    const follower = await startFollower(await find(), { kind: 'Standalone', replicaOf: sourceAt(source.port) });
    await follower.database.untilHealthy();
    await untilWritten(follower);
    await source.kill();
    await untilReason(follower, 'ECONNREFUSED');
    await follower.database.local.pod(node).server.kill();
    await waitFor('it serves what it has', async () => (await count(follower)) === keys.length, 20_000);
    expect(await write(follower)).toContain('READONLY');

    await source.start();
    await follower.untilSource('it is linked again', ({ state }) => state === 'linked');
    await source.kill();
    await source.wipe();
    await source.start();
    await untilReason(follower, 'an empty source is never copied');
    await source.fill(keys.slice(0, 20));
    await untilReason(follower, '20 keys, and 200 are here');
    expect(await count(follower)).toBe(keys.length);
    expect(await write(follower)).toContain('READONLY');

    // Nothing stands in the way of taking over.
    await follower.change();
    await waitFor('it takes writes', async () => (await write(follower)) === 'OK', 20_000);
    expect(await count(follower)).toBe(keys.length + 1);
  });

  test('of its own data follows nobody before it is empty', async () => {
    const source = await startSource(await find());
    await source.fill(keys);
    const follower = await startFollower(await find(), { kind: 'Standalone' });
    await follower.database.untilHealthy();
    expect(await write(follower)).toBe('OK');
    await follower.change(sourceAt(source.port, { auth: 'off' }));
    const { state } = await untilReason(follower, 'it has data of its own');
    expect(state).toBe('refused');
    await follower.database.local.pod(node).server.kill();
    await waitFor('it serves what it had', async () => (await write(follower)) === 'OK', 20_000);
    await follower.database.ask(node, 'FLUSHALL');
    await follower.database.untilHealthy();
    await waitFor('it has copied everything', async () => (await count(follower)) === keys.length, 20_000);
    expect(await write(follower)).toContain('READONLY');
  });

  test('says what is wrong with its password, and with a source that it cannot read or should not', async () => {
    const source = await startSource(await find(), { password });
    const shard = await startSource(await find(), { options: ['--cluster-enabled', 'yes'] });
    const follower = await startFollower(await find(), {
      kind: 'Standalone',
      replicaOf: sourceAt(source.port),
      said: 'something else',
    });
    await untilReason(follower, 'it does not let "default" in: WRONGPASS');
    await follower.change(sourceAt(shard.port, { auth: 'off' }));
    await untilReason(follower, 'a node of a cluster');
    expect(await count(follower)).toBe(0);
  });

  test('leaves alone what it could not load', async () => {
    const { file, engine } = await testEngines(['redis-8.0'])[0]!.find();
    if (engine.name !== 'redis') {
      tell('there is no redis-8.0: a source that is too new is left out');
      return;
    }
    const foreign = await startSource({ file, engine });
    await foreign.fill(keys);
    const replicaOf = sourceAt(foreign.port, { auth: 'off' });
    const follower = await startFollower(await find(), { kind: 'Standalone', replicaOf });
    await untilReason(follower, 'in the format REDIS0012, which valkey 8.1 cannot load');
    expect(await count(follower)).toBe(0);
  });

  test('goes on where it was after a long cut, and is with its source again in seconds', async () => {
    const source = await startSource(await find(), { password });
    await source.fill(keys);
    const cable = await layCable(() => source.port);
    const follower = await startFollower(await find(), { kind: 'Standalone', replicaOf: sourceAt(cable.port) });
    await follower.database.untilHealthy();
    cable.cut();
    await follower.untilSource('nothing is heard of it', ({ silentSeconds = 0 }) => silentSeconds >= 3);
    await source.fill(['written meanwhile']);
    cable.mend();
    await waitFor('it has that too', async () => (await count(follower)) === keys.length + 1, 30_000);
    expect(String(await source.ask('INFO', 'stats'))).toMatch(/sync_full:1\r\nsync_partial_ok:[1-9]/);
    cable.close();
  });

  test('speaks TLS to its source, and believes its own authority alone', async () => {
    const server = await find();
    if (!(await supportsTls(server.file))) {
      tell('the server was built without TLS: a source with TLS is left out');
      return;
    }
    const follower = await startFollower(server, { kind: 'Standalone', tls: true });
    const folder = layout.secret(follower.database.local.root, tlsSecret);
    const source = await startEncrypted(server, folder);
    await source.fill(keys);
    await follower.change(sourceAt(source.port, { auth: 'off', tls: 'on' }));
    await follower.database.untilHealthy();
    await waitFor('it has copied everything', async () => (await count(follower)) === keys.length, 20_000);

    const stranger = await startEncrypted(server, join(folder, 'elsewhere'));
    await follower.change(sourceAt(stranger.port, { auth: 'off', tls: 'on' }));
    await untilReason(follower, 'certificate');
    expect(await count(follower)).toBe(keys.length);
  });
});

/** A source with certificates in that folder, made where there are none. */
async function startEncrypted(server: LocalServer, folder: string): Promise<SourceServer> {
  const { certificate, key, authority } = tlsFiles;
  const made = await makeCertificates(folder, []);
  const files = { 'cert-file': certificate, 'key-file': key, 'ca-cert-file': authority };
  const options = Object.entries(files).flatMap(([option, file]) => [`--tls-${option}`, join(folder, file)]);
  return startSource(server, { options, tls: { ca: made[authority], cert: made[certificate], key: made[key] } });
}
