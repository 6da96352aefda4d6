/** The scripts of the server's container, run by a real shell with stand-ins for the server and its client. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { serverContainer } from '../../../lib/resources/server-container';

const container = serverContainer({
  engine: 'valkey',
  program: 'server',
  imagePullPolicy: 'IfNotPresent',
  image: 'valkey',
  resources: { requests: {}, limits: {} },
  tls: false,
  portNames: ['client'],
  mounts: [],
});

let folder: string;
const running: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scripts-'));
  mkdirSync(join(folder, 'run'));
});

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** The script with the pod's folder standing in a temporary one. */
const script = (command: readonly string[] | undefined) =>
  command![2]!.replaceAll('/run/keyspace', join(folder, 'run'));

const file = (name: string) => join(folder, 'run', name);

function program(name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, name), 0o755);
}

const env = () => ({ ...process.env, PATH: `${folder}:${process.env.PATH ?? ''}` });

function start(text: string): ChildProcess {
  const child = spawn('sh', ['-c', text], { env: env(), stdio: 'ignore' });
  running.push(child);
  return child;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('did not happen within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const startId = () => (existsSync(file('start')) ? readFileSync(file('start'), 'utf8').trim() : '');

describe('the start', () => {
  beforeEach(() => program('valkey-server', `echo "$1" > ${file('served')}`));

  test('waits for the permit of its own id, uses it up, and becomes the server', async () => {
    writeFileSync(file('permit.before'), '');
    writeFileSync(file('stopping'), '');
    const child = start(script(container.command));
    await until(() => startId() !== '');
    expect(existsSync(file('stopping'))).toBe(false);
    expect(existsSync(file('served'))).toBe(false);
    const ended = once(child, 'exit');
    writeFileSync(file(`permit.${startId()}`), '');
    expect(await ended).toEqual([0, null]);
    expect(readFileSync(file('served'), 'utf8')).toBe('/etc/keyspace/server/server.conf\n');
    expect(existsSync(file(`permit.${startId()}`))).toBe(false);
  });

  test('has another id each time, so that an old permit is of no use', async () => {
    start(script(container.command));
    await until(() => startId() !== '');
    const first = startId();
    start(script(container.command));
    await until(() => startId() !== first);
    expect(startId()).toMatch(/^\w{10}$/);
  });

  test('ends at once when it is told to while it is held', async () => {
    const child = start(script(container.command));
    await until(() => startId() !== '');
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(existsSync(file('served'))).toBe(false);
  });
});

describe('the end', () => {
  const hook = () => script(container.lifecycle?.preStop?.exec?.command);

  test('says so and waits for the word of the agent', async () => {
    const child = start(hook());
    await until(() => existsSync(file('stopping')));
    expect(child.exitCode).toBeNull();
    const ended = once(child, 'exit');
    writeFileSync(file('stopped'), '');
    expect(await ended).toEqual([0, null]);
  });

  test('waits no longer once nobody has looked for minutes: a dead agent is not started again in a pod that ends', async () => {
    const child = start(hook());
    await until(() => existsSync(file('stopping')));
    const ended = once(child, 'exit');
    const longAgo = new Date(Date.now() - 5 * 60_000);
    utimesSync(file('stopping'), longAgo, longAgo);
    expect(await ended).toEqual([0, null]);
  });
});

describe('the probe', () => {
  /** Exit code of the probe when the engine's client does this. */
  function probe(client: string): number | null {
    program('valkey-cli', client);
    const text = script(container.livenessProbe?.exec?.command).replace('-s KILL 5', '-s KILL 0.3');
    return spawnSync('sh', ['-c', text], { env: env() }).status;
  }

  test.each([
    ['PONG', 'echo PONG'],
    ['that a password is missing', 'echo "NOAUTH Authentication required."'],
    ['that it is loading', 'echo "LOADING Valkey is loading the dataset in memory"'],
    ['that it has too many clients, and hangs up', 'kill -PIPE $$'],
    ['nothing to a certificate that is expired', 'echo "Error: Server closed the connection" >&2; exit 1'],
  ])('finds a server alive that answers %s', (_answer, client) => {
    expect(probe(client)).toBe(0);
  });

  test('finds a server dead whose port is closed', () => {
    expect(probe('echo "Could not connect to Valkey at 127.0.0.1:6379: Connection refused" >&2; exit 1')).toBe(1);
  });

  test('finds a server dead that says nothing', () => {
    expect(probe('exec sleep 5')).toBe(1);
  });
});
