import type { AgentConfig, NodeConfig } from '../../lib/contract/agent-config';
import type { Passwords } from '../accounts/passwords';
import type { SlotMark, SlotServer, SlotServers, SlotWeight } from '../edges';
import type { Address } from '../view';
import { boundMs as openMs, connection, credentialsInTurn, type Credentials } from './connection';
import { parseFields } from './info';
import { keepConnection } from './kept-connection';
import { keepServers } from './kept-servers';
import { createMigrations, parseMigrations, type Words } from './migrations';
import type { Access } from './server';

/** Bound of every command: a server that sends keys, or waits for its replicas, answers when it has done so. Milliseconds. */
const boundMs = 10_000;

/** How long a server that sends keys waits for the other one to take them. Milliseconds. */
const silenceMs = 2000;

/** Keys of one slot that are weighed in one go: it takes a server about 10 ms. */
const mostWeighed = 10_000;

/** One slot: its keys, their bytes, and the largest. Nothing is changed. */
const weighScript = `
local keys = redis.call('CLUSTER', 'GETKEYSINSLOT', ARGV[1], ARGV[2])
local total, largest, name = 0, 0, ''
for _, key in ipairs(keys) do
  local bytes = redis.call('MEMORY', 'USAGE', key) or 0
  total = total + bytes
  if bytes > largest then largest, name = bytes, key end
end
return { #keys, total, largest, name }`;

/** Servers for moving slots, reached through ioredis. */
export const createSlotServers = (readConfig: () => AgentConfig, home: string, passwords: Passwords): SlotServers =>
  keepServers((node, at) => createSlotServer({ readConfig, home, passwords }, node, at));

/** Connections that slots are marked on: a server makes each wait until its replicas have the mark too (Valkey 8.0 and later). */
const lanes = 8;

function createSlotServer({ readConfig, home, passwords }: Access, node: NodeConfig, at: Address) {
  const attempts = async () => {
    const config = readConfig();
    const turns = await credentialsInTurn(config, passwords);
    return turns.map((each) => () => connection(config, home, { node, at, commandMs: boundMs }, each));
  };
  const kept = Array.from({ length: lanes }, () => keepConnection(attempts, openMs, () => undefined));

  /** All at once, the replies in order. @throws the first error among them, when all have been answered */
  async function exchange(commands: readonly Words[], lane = 0): Promise<unknown[]> {
    if (commands.length === 0) return [];
    const { open, drop } = kept[lane]!;
    const redis = await open();
    const pipeline = redis.pipeline();
    for (const [name, ...words] of commands) pipeline.callBuffer(name as string, ...words);
    const replies = ((await pipeline.exec()) ?? []) as [Error | null, unknown][];
    const failed = replies.find(([error]) => error)?.[0];
    // A late answer would be taken for that of the next command.
    if (failed && !isRefusal(failed)) drop(redis);
    if (failed) throw failed;
    return replies.map(([, reply]) => reply);
  }

  const server: SlotServer & { close(): void } = {
    async account() {
      const migrations = await exchange([['CLUSTER', 'GETSLOTMIGRATIONS']]).catch(whereRefused([[]]));
      const [keys, time] = await exchange([['DBSIZE'], ['INFO', 'server']]);
      const nowMs = Number(parseFields(String(time)).get('server_time_usec')) / 1000;
      return { keys: Number(keys), migrations: parseMigrations(migrations[0] as unknown[], nowMs) };
    },
    async mark(slots, mark) {
      const commands = slots.map((slot) => ['CLUSTER', 'SETSLOT', slot, ...wordsOf(mark)]);
      const shares = kept.map((_, lane) => commands.filter((_, index) => index % lanes === lane));
      await Promise.all(shares.map(exchange));
    },
    async weigh(slots) {
      const replies = await exchange(slots.map((slot) => ['EVAL', weighScript, 0, slot, mostWeighed]));
      return replies.map(toWeight);
    },
    async keys(slots, most) {
      return (await exchange(slots.map((slot) => ['CLUSTER', 'GETKEYSINSLOT', slot, most]))) as Buffer[][];
    },
    async send(batches, to) {
      const [credentials] = await credentialsInTurn(readConfig(), passwords);
      const order = [to.ip, to.client, '', 0, silenceMs, 'REPLACE', ...admission(credentials!), 'KEYS'];
      await exchange(batches.map((keys) => ['MIGRATE', ...order, ...keys]));
    },
    ...createMigrations(exchange, readConfig, node),
    close: () => kept.forEach(({ close }) => close()),
  };
  return server;
}

/** The server has answered, with an error. */
const isRefusal = (error: Error): boolean => error.name === 'ReplyError';

/** For `catch`: this value where the server does not know the command. */
const whereRefused =
  <T>(value: T) =>
  (error: Error): T => {
    if (isRefusal(error)) return value;
    throw error;
  };

function wordsOf(mark: SlotMark): string[] {
  if (mark === 'stable') return ['STABLE'];
  if ('importing' in mark) return ['IMPORTING', mark.importing];
  return 'migrating' in mark ? ['MIGRATING', mark.migrating] : ['NODE', mark.owner];
}

/** What a source says to a target to be let in, as the agent. */
const admission = ({ username, password }: Credentials): string[] =>
  username === undefined || password === undefined ? [] : ['AUTH2', username, password];

function toWeight(reply: unknown): SlotWeight {
  const [keys, bytes, most, key] = reply as [number, number, number, Buffer];
  return { keys, bytes, largest: { key: String(key), bytes: most } };
}
