/** What the tables say of engines, asked of every engine there is. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { Redis } from 'ioredis';

import { canLoad } from '../../lib/contract/data-format';
import { can } from '../../lib/contract/engines';
import { changesLive } from '../../lib/contract/live-directives';
import { commandNames, takesRule } from '../../lib/contract/known-commands';
import type { LocalServer } from '../../sidecar/local/engines';
import { keydbLabel, testEngines } from './support/engines';

jest.setTimeout(120_000);

const everyEngine = testEngines(['redis-7.0', 'redis-8.0', 'valkey-8.0', 'valkey-8.1', 'valkey-9.1', keydbLabel]);

let home: string;
let children: ChildProcess[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'facts-'));
  children = [];
});

afterEach(async () => {
  for (const child of children) await end(child);
  rmSync(home, { recursive: true });
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Runs a server on what is in the folder; undefined where it does not come up with that. */
async function start({ file }: LocalServer): Promise<{ redis: Redis; stop: () => Promise<void> } | undefined> {
  const socket = join(home, 'server.sock');
  rmSync(socket, { force: true });
  const options = ['--port', '0', '--unixsocket', socket, '--dir', home, '--save', ''];
  const child = spawn(file, options, { stdio: 'ignore' });
  children.push(child);
  while (!existsSync(socket)) {
    if (child.exitCode !== null) return undefined;
    await delay(20);
  }
  const redis = new Redis({
    path: socket,
    lazyConnect: true,
    enableReadyCheck: false,
    disconnectTimeout: 100,
    retryStrategy: null,
  });
  redis.on('error', () => undefined);
  try {
    for (let asked = 0; (await redis.info('persistence')).includes('loading:1'); asked++) await delay(20 * asked);
  } catch {
    redis.disconnect();
    await end(child);
    return undefined;
  }
  return {
    redis,
    stop: async () => {
      redis.disconnect();
      await end(child);
    },
  };
}

test.each(everyEngine)('$label changes live what the table says, and nothing else', async ({ find }) => {
  const server = await find();
  const { redis, stop } = (await start(server))!;
  const settings = await redis.config('GET', '*');
  const wrong: string[] = [];
  for (let index = 0; index < settings.length; index += 2) {
    const [name, value] = [settings[index]!, settings[index + 1]!];
    const answer = await redis.config('SET', name, value).then(String, (error: unknown) => String(error));
    // A directive of something that was not built in says so in other words.
    // KeyDB says "Unsupported" of what it has, and does not change.
    const live = !/immutable|protected|Unsupported CONFIG/.test(answer);
    if (live !== changesLive(server.engine, name)) wrong.push(`${name}: ${answer}`);
  }
  await stop();
  expect(settings.length).toBeGreaterThan(300);
  expect(wrong).toEqual([]);
});

test.each(everyEngine)('$label takes rules about the commands that the table says, and no others', async ({ find }) => {
  const server = await find();
  const { redis, stop } = (await start(server))!;
  const listed = ((await redis.call('COMMAND')) as [string][]).map(([name]) => name);
  const all = [...commandNames(), ...listed.map((name) => name.toLowerCase()), '@dangerous', '@danger'];
  // Where subcommands cannot be denied, the rules of a spec say so before anything is looked up.
  const subcommands = can(server.engine, 'aclKeyPermissions');
  const names = new Set(all.filter((name) => subcommands || !name.includes('|')));
  const wrong: string[] = [];
  const tryRule = async (rule: string) => {
    const answer = await redis.call('ACL', 'SETUSER', 'somebody', rule).then(String, String);
    if ((answer === 'OK') !== takesRule(server.engine, rule)) wrong.push(`${rule}: ${answer}`);
  };
  for (const name of names) {
    await tryRule(`-${name}`);
  }
  for (const rule of ['+get', '+@read', '+select|0', '+get|', '+nosuch', '+nosuch|0']) await tryRule(rule);
  for (const rule of subcommands ? ['-select|0', '+select|0|1', '+config|get', '+config|nosuch'] : [])
    await tryRule(rule);
  await stop();
  expect(names.size).toBeGreaterThan(subcommands ? 400 : 250);
  expect(wrong).toEqual([]);
});

test.each(everyEngine)('$label loads the snapshots that the table says', async ({ find }) => {
  const reader = await find();
  for (const { find: findWriter } of everyEngine) {
    const writer = await findWriter();
    rmSync(join(home, 'dump.rdb'), { force: true });
    const writing = (await start(writer))!;
    await writing.redis.set('key', 'value');
    await writing.redis.save();
    await writing.stop();
    const reading = await start(reader);
    const value = await reading?.redis.get('key');
    await reading?.stop();
    expect({ writer: writer.engine, loaded: value === 'value' }).toEqual({
      writer: writer.engine,
      loaded: canLoad(reader.engine, writer.engine),
    });
  }
});
