import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { paths } from '../../../lib/contract/names';
import { locate } from '../../../sidecar/home/paths';
import { layout } from '../../../sidecar/local/layout';
import { readManifests } from '../../../sidecar/local/manifests';
import { startLocalDatabase, type LocalDatabase, type LocalOptions } from '../../../sidecar/local/supervisor';
import { isAlive } from '../../servers/support/processes';
import { config, manifests, temporaryFolder, until, type Manifests } from './fixture';

const folder = temporaryFolder();
const server = { file: '/bin/true', engine: config.engine };
const [first, second] = ['orders-shard-0-0', 'orders-shard-0-1'] as const;
let count = 0;
let database: LocalDatabase | undefined;

afterEach(() => database?.kill());

async function start(texts: Manifests = {}, options: Partial<LocalOptions> = {}): Promise<LocalDatabase> {
  const root = join(folder, `${count++}`);
  // An empty program: the manifests' arguments are a shell command of their own.
  const common = { plan: readManifests(manifests(texts)), root, server, agentProgram: [] };
  database = await startLocalDatabase({ ...common, ...options });
  return database;
}

const file = (node: string, path: string): string => locate(layout.home(database!.root, node), path);

/** The shell in which a held server waits becomes the server; its command line shows which it is. */
const commandLine = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8');

test('a server is held until a permit is there, and each start uses one up', async () => {
  const { pod } = await start();
  const pid = pod(first).server.pid()!;
  expect(commandLine(pid)).toContain('until rm');
  writeFileSync(file(first, `${paths.run}/permit`), '');
  await until('the server runs', () => commandLine(pid).startsWith('sleep\u0000600'));
  expect(existsSync(file(first, `${paths.run}/permit`))).toBe(false);
  await pod(first).server.kill();
  await until('it is held again', () => {
    const next = pod(first).server.pid();
    return next !== undefined && next !== pid && commandLine(next).includes('until rm');
  });
});

test('the files of a pod stand below its folder', async () => {
  const { root, pod } = await start();
  const directives = readFileSync(file(first, paths.serverConfig), 'utf8');
  expect(directives).toBe(
    `bind 127.0.0.1\nport ${pod(first).address.client}\ndir ${root}/${first}/data\ninclude ${root}/${first}/run/keyspace/node.conf\n`,
  );
  expect(statSync(file(first, paths.data)).isDirectory()).toBe(true);
});

test('a Secret that is only referred to is one random password for all nodes, for the owner’s eyes only', async () => {
  await start();
  const [one, other] = [first, second].map((node) => readFileSync(file(node, `${paths.auth}/password`), 'utf8'));
  expect(one).toMatch(/^[\w-]{32}$/);
  expect(other).toBe(one);
  expect(statSync(file(first, `${paths.auth}/password`)).mode & 0o077).toBe(0);
});

test('an agent is told who it is and where its files are', async () => {
  const agent = 'echo "$POD_NAME $ZONE $KEYSPACE_HOME $KEYSPACE_LOCAL"; exec sleep 600';
  const { root } = await start({ agent }, { place: () => ({ host: 'host-1', zone: 'zone-1' }) });
  await until('it has spoken', () => readFileSync(layout.log(root, first, 'agent'), 'utf8').endsWith('\n'));
  expect(readFileSync(layout.log(root, first, 'agent'), 'utf8')).toBe(`${first} zone-1 ${root}/${first} ${root}\n`);
});

test('a pod that ends runs its hook first, and its server and then its agent see SIGTERM', async () => {
  const trace = join(folder, 'trace');
  const script = (name: string) => `trap "echo ${name} >> ${trace}; exit" TERM; while :; do sleep 0.01; done`;
  const { pod, pods } = await start({
    server: script('server'),
    agent: script('agent'),
    preStop: `touch ${paths.stopping}; until test -e ${paths.stopped}; do sleep 0.01; done; echo hook >> ${trace}`,
  });
  const ending = pod(first).end(5_000);
  await until('the pod says that it is ending', () => existsSync(file(first, paths.stopping)));
  expect(existsSync(trace)).toBe(false);
  writeFileSync(file(first, paths.stopped), '');
  await ending;
  expect(readFileSync(trace, 'utf8')).toBe('hook\nserver\nagent\n');
  expect(pods().map(({ name }) => name)).toEqual([second]);
  expect(existsSync(layout.address(database!.root, first))).toBe(false);
});

test('a hook that never ends is cut off when the grace period is over', async () => {
  const { pod } = await start({ preStop: 'sleep 600' });
  const startedAt = Date.now();
  await pod(first).end(200);
  expect(Date.now() - startedAt).toBeLessThan(3_000);
});

test('the next pod of a node has a new address, the old data and an empty scratch folder', async () => {
  const { pod, start: restart } = await start();
  const { address } = pod(first);
  writeFileSync(file(first, `${paths.data}/kept`), '');
  writeFileSync(file(first, `${paths.run}/lost`), '');
  await pod(first).lose();
  const next = await restart(first);
  expect(next.address.client).not.toBe(address.client);
  expect(readdirSync(file(first, paths.data))).toEqual(['kept']);
  expect(readdirSync(file(first, paths.run))).not.toContain('lost');
  expect(JSON.parse(readFileSync(layout.address(database!.root, first), 'utf8'))).toEqual(next.address);
});

test('a crash is reported, an ordered end is not', async () => {
  const crashes: string[] = [];
  const onCrash: LocalOptions['onCrash'] = (node, container) => crashes.push(`${node} ${container}`);
  const { pod, stop } = await start({}, { onCrash });
  await pod(second).agent.kill();
  await stop(5_000);
  expect(crashes).toEqual([`${second} agent`]);
});

test('refuses a folder that another process uses, and takes one whose process is gone', async () => {
  const { root, plan } = await start();
  await expect(startLocalDatabase({ plan, root, server, agentProgram: [] })).rejects.toThrow(
    `folder "${root}" is in use by process ${process.pid}: end it, or choose another folder`,
  );
  await database!.kill();
  database = await startLocalDatabase({ plan, root, server, agentProgram: [] });
});

test('refuses a folder whose name cannot stand in a configuration', async () => {
  await expect(start({}, { root: '/tmp/my data' })).rejects.toThrow(
    'folder "/tmp/my data": only letters, digits and . _ - + @ / can be in its path, choose another',
  );
});

test('refuses manifests with TLS when the server was built without', async () => {
  const tls = { clientCertificates: 'off' } as const;
  await expect(start({ config: { ...config, tls } })).rejects.toThrow(
    'the manifests use TLS, and "/bin/true" was built without: name one with TLS in KEYSPACE_SERVER',
  );
});

test('nothing is left when the supervisor is killed with -9', async () => {
  const root = join(folder, 'killed');
  const program = `
    const { startLocalDatabase } = require(${JSON.stringify(join(__dirname, '../../../sidecar/local/supervisor'))});
    const { readManifests } = require(${JSON.stringify(join(__dirname, '../../../sidecar/local/manifests'))});
    const plan = readManifests(${JSON.stringify(manifests())});
    startLocalDatabase({ plan, root: ${JSON.stringify(root)}, server: ${JSON.stringify(server)}, agentProgram: [] })
      .then(({ pods }) => console.log(JSON.stringify(pods().flatMap((pod) => [pod.server.pid(), pod.agent.pid()]))));
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const pids = JSON.parse(line.toString()) as number[];
  expect(pids.filter(isAlive)).toHaveLength(4);
  child.kill('SIGKILL');
  await until('all processes are gone', () => !pids.some(isAlive));
}, 15_000);
