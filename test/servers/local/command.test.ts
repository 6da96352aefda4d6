import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { LocalServer } from '../../../sidecar/local/engines';
import { localBundle } from '../support/bundle';
import { childrenOf, isAlive } from '../support/processes';
import { testEngines } from '../support/engines';
import { synthesize } from '../support/manifests';
import { waitFor } from '../support/wait';

jest.setTimeout(120_000);

/** Temporary files of everything that is started here. */
const folder = mkdtempSync(join(tmpdir(), 'keyspace-command-'));
const manifests = join(folder, 'orders.k8s.yaml');
const started: ChildProcessWithoutNullStreams[] = [];
let server: LocalServer;

beforeAll(async () => {
  server = await testEngines(['valkey-9.1'])[0]!.find();
  writeFileSync(manifests, synthesize(server.engine, {}));
});

afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly child: ChildProcessWithoutNullStreams;
  readonly output: () => string;
  readonly ended: Promise<readonly [code: number | null, signal: string | null]>;
}

/** `keyspace local`, as built. */
function local(...args: string[]): Run {
  const env = { ...process.env, KEYSPACE_SERVER: server.file, TMPDIR: folder };
  const child = spawn(process.execPath, [localBundle(), ...args], { env });
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'close') as Promise<[number | null, string | null]>;
  return { child, output: () => output, ended };
}

const untilSaid = (run: Run, words: string) =>
  waitFor(`"${words}" is said`, () => run.output().includes(words), 60_000, run.output);

const temporaryRoots = () => readdirSync(folder).filter((name) => name.startsWith('keyspace-'));

test('the demonstration uses the database, survives a killed primary, and leaves nothing', async () => {
  const run = local(manifests, '--demo');
  await untilSaid(run, 'is held');
  const children = childrenOf(run.child.pid!);
  expect(children.length).toBeGreaterThanOrEqual(12);
  expect(await run.ended).toEqual([0, null]);
  const lines = [
    'Healthy after',
    'GET order:1001 -> "2 coffees"',
    'kill -9',
    'has taken over',
    'every process has ended',
  ];
  for (const line of lines) expect(run.output()).toContain(line);
  expect([children.filter(isAlive), temporaryRoots()]).toEqual([[], []]);
});

test('without a demonstration it runs until Ctrl-C, which is a good end', async () => {
  const run = local(manifests);
  await untilSaid(run, 'to look inside:');
  const children = childrenOf(run.child.pid!);
  run.child.kill('SIGINT');
  expect(await run.ended).toEqual([0, null]);
  expect([children.filter(isAlive), temporaryRoots()]).toEqual([[], []]);
});

test('Ctrl-C while it forms ends it in good order, and the demonstration has not succeeded', async () => {
  const run = local(manifests, '--demo');
  await untilSaid(run, 'is held');
  const children = childrenOf(run.child.pid!);
  run.child.kill('SIGINT');
  expect(await run.ended).toEqual([130, null]);
  expect([children.filter(isAlive), temporaryRoots()]).toEqual([[], []]);
});

test('it ends in good order when nobody reads what it says', async () => {
  const run = local(manifests);
  await untilSaid(run, 'is held');
  const children = childrenOf(run.child.pid!);
  run.child.stdout.destroy();
  expect(await run.ended).toEqual([0, null]);
  expect([children.filter(isAlive), temporaryRoots()]).toEqual([[], []]);
});

test('a second Ctrl-C ends it at once', async () => {
  const run = local(manifests);
  await untilSaid(run, 'to look inside:');
  const children = childrenOf(run.child.pid!);
  // Agents that do not answer would be waited for.
  for (const pid of childrenOf(run.child.pid!, 'keyspace.js')) process.kill(pid, 'SIGSTOP');
  run.child.kill('SIGINT');
  await untilSaid(run, 'Ctrl-C again');
  const hooks = childrenOf(run.child.pid!);
  run.child.kill('SIGINT');
  await run.ended;
  expect([[...children, ...hooks].filter(isAlive), temporaryRoots()]).toEqual([[], []]);
});

test('nothing goes on when it is killed with -9', async () => {
  const run = local(manifests);
  await untilSaid(run, 'to look inside:');
  const children = childrenOf(run.child.pid!);
  run.child.kill('SIGKILL');
  await waitFor('every process is gone', () => !children.some(isAlive), 5_000);
});

test('with a folder to keep, the next run goes on with the data and the password', async () => {
  const kept = join(folder, 'kept');
  const first = local(manifests, '--keep', kept, '--demo');
  expect(await first.ended).toEqual([0, null]);
  const second = local(manifests, '--keep', kept);
  await untilSaid(second, 'to look inside:');
  expect(second.output()).not.toContain('without slots');
  second.child.kill('SIGTERM');
  expect(await second.ended).toEqual([0, null]);
  expect(existsSync(join(kept, 'orders-shard-0-0', 'data', 'nodes.conf'))).toBe(true);
});

test.each([
  ['a file that is not there', '/no/such.yaml', /^keyspace local: ENOENT: .*\/no\/such.yaml/],
  ['no file at all', '', /missing required argument 'file'/],
])('refuses %s', async (_, file, message) => {
  const run = local(...(file === '' ? [] : [file]));
  expect((await run.ended)[0]).toBe(1);
  expect(run.output()).toMatch(message);
});
