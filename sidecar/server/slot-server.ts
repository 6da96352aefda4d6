import type { AgentConfig, NodeConfig } from '../../lib/contract/agent-config';
import type { Passwords } from '../accounts/passwords';
import type { Parcel, SlotMark, SlotServer, SlotServers } from '../edges';
import type { Address } from '../view';
import { encode, encodeWords, type Words } from './commands';
import { boundMs as openMs, credentialsInTurn, type Credentials } from './connection';
import { parseFields } from './info';
import { keepServers } from './kept-servers';
import { createLine } from './line';
import { createMigrations, parseMigrations } from './migrations';
import { Refusal, type Reply } from './replies';
import type { Access } from './server';
import { contentsOrder, parseContents } from './slot-contents';
import { openSocket } from './socket';

/** Bound of every command: a server that sends keys, or waits for its replicas, answers when it has done so. Milliseconds. */
const boundMs = 10_000;

/** How long a server that sends keys waits for the other one to take them. Milliseconds. */
const silenceMs = 2000;

/** Servers for moving slots. */
export const createSlotServers = (readConfig: () => AgentConfig, home: string, passwords: Passwords): SlotServers =>
  keepServers((node, at) => createSlotServer({ readConfig, home, passwords }, node, at));

/** Connections that slots are marked on: a server makes each wait until its replicas have the mark too (Valkey 8.0 and later). */
const lanes = 4;

function createSlotServer(access: Access, node: NodeConfig, at: Address): SlotServer & { close(): void } {
  const { readConfig, home, passwords } = access;
  const credentials = () => credentialsInTurn(readConfig(), passwords);
  const line = () =>
    createLine({
      openSocket: (ms) => openSocket({ config: readConfig(), home, node, at }, ms),
      credentials,
      openMs,
      boundMs,
    });
  const kept = Array.from({ length: lanes }, line);

  /** All at once, the replies in order. @throws the first refusal among them, when all have been answered */
  async function exchange(commands: readonly (string | Buffer)[], lane = 0): Promise<readonly Reply[]> {
    if (commands.length === 0) return [];
    const replies = await kept[lane]!.say(joined(commands), commands.length);
    const refusal = replies.find((reply) => reply instanceof Refusal);
    if (refusal) throw refusal;
    return replies;
  }
  const ask = (commands: readonly Words[]) => exchange(commands.map(encode));

  return {
    async account() {
      const migrations = await ask([['CLUSTER', 'GETSLOTMIGRATIONS']]).catch(whereRefused([[]]));
      const [keys, time] = await ask([['DBSIZE'], ['INFO', 'server']]);
      const nowMs = Number(parseFields(String(time)).get('server_time_usec')) / 1000;
      return { keys: Number(keys), migrations: parseMigrations(migrations[0] as unknown[], nowMs) };
    },
    async mark(slots, mark) {
      const words = wordsOf(mark);
      const commands = slots.map((slot) => encode(['CLUSTER', 'SETSLOT', slot, ...words]));
      const shares = kept.map((_, lane) => commands.filter((_, index) => index % lanes === lane));
      await Promise.all(shares.map(exchange));
    },
    async contents(slots, depth) {
      const [reply] = await ask([contentsOrder(slots, depth)]);
      return parseContents(reply);
    },
    async send(parcels, to) {
      const [agent] = await credentials();
      const order = ['MIGRATE', to.ip, to.client, '', 0, silenceMs, 'REPLACE', ...admission(agent!), 'KEYS'];
      await exchange(parcels.map((parcel) => packed(order, parcel)));
    },
    ...createMigrations(ask, readConfig, node),
    close: () => kept.forEach(({ close }) => close()),
  };
}

/** A command with the keys of a parcel behind its words. */
const packed = (words: Words, { keys, words: more }: Parcel): Buffer =>
  Buffer.concat([Buffer.from(`*${words.length + keys}\r\n${encodeWords(words)}`), more]);

const joined = (commands: readonly (string | Buffer)[]): string | Buffer =>
  commands.every((command) => typeof command === 'string')
    ? commands.join('')
    : Buffer.concat(commands.map((command) => (typeof command === 'string' ? Buffer.from(command) : command)));

/** For `catch`: this value where the server does not know the command. */
const whereRefused =
  <T>(value: T) =>
  (error: Error): T => {
    if (error instanceof Refusal) return value;
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
