import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { keepRunning, type Ending, type KeptProcess } from '../../../sidecar/local/pod/kept-process';
import { startWatchdog } from '../../../sidecar/local/pod/watchdog';
import { isAlive } from '../../servers/support/processes';
import { temporaryFolder, until } from './fixture';

const folder = temporaryFolder();
const watchdog = startWatchdog();
const kept: KeptProcess[] = [];
let endings: Ending[] = [];

beforeEach(() => (endings = []));
afterEach(() => Promise.all(kept.splice(0).map((one) => one.stop(0))));
afterAll(() => watchdog.close());

function keep(...command: string[]): KeptProcess {
  const one = keepRunning(
    { command, env: process.env, cwd: folder, logFile: join(folder, 'log') },
    watchdog,
    (ending) => endings.push(ending),
  );
  kept.push(one);
  return one;
}

const stateOf = (pid: number): string => / ([A-Z]) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '';

test('a process that is killed is started again, its children are gone with it', async () => {
  const one = keep('sh', '-c', 'sleep 600 & echo $! > child; wait');
  await until('the child runs', () => existsSync(join(folder, 'child')));
  const first = one.pid();
  const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
  await one.kill();
  await until('it runs again', () => one.pid() !== undefined && one.pid() !== first);
  await until('the child is gone', () => !isAlive(child));
  expect(endings).toEqual([{ code: null, signal: 'SIGKILL' }]);
});

test('a process that ends at once is started again with longer and longer pauses', async () => {
  keep('sh', '-c', 'exit 3');
  const startedAt = Date.now();
  await until('four endings', () => endings.length === 4);
  expect(endings[0]).toEqual({ code: 3, signal: null });
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(50 + 100 + 200);
});

test('a program that does not exist is tried again too', async () => {
  keep(join(folder, 'no-such-program'));
  await until('two endings', () => endings.length >= 2);
  expect(endings[0]).toEqual({ code: 127, signal: null });
});

test('a process that stops in time is not killed', async () => {
  const one = keep('sh', '-c', 'trap "exit 7" TERM; touch ready; while :; do sleep 0.01; done');
  await until('the trap is set', () => existsSync(join(folder, 'ready')));
  await one.stop(5_000);
  expect(endings).toEqual([{ code: 7, signal: null }]);
  expect(one.pid()).toBeUndefined();
});

test('a process that does not stop in time is killed', async () => {
  const one = keep('sh', '-c', 'trap "" TERM; touch deaf; while :; do sleep 0.01; done');
  await until('the trap is set', () => existsSync(join(folder, 'deaf')));
  await one.stop(100);
  expect(endings).toEqual([{ code: null, signal: 'SIGKILL' }]);
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('a paused process does nothing until it is resumed, and can be stopped while paused', async () => {
  const one = keep('sleep', '600');
  const pid = one.pid()!;
  one.pause();
  await until('it is paused', () => stateOf(pid) === 'T');
  one.resume();
  await until('it goes on', () => stateOf(pid) === 'S');
  one.pause();
  await one.stop(5_000);
  expect(endings).toEqual([{ code: null, signal: 'SIGTERM' }]);
});

test('what a process writes is in its log', async () => {
  keep('sh', '-c', 'echo out; echo err >&2; exec sleep 600');
  await until('both lines are there', () => {
    const text = readFileSync(join(folder, 'log'), 'utf8');
    return text.includes('out\n') && text.includes('err\n');
  });
});
