import type Redis from 'ioredis';

import { can, hasRecord } from '../../lib/contract/engines';
import type { AgentConfig, NodeConfig } from '../../lib/contract/agent-config';
import type { AccountChange } from '../accounts/account';
import type { Passwords } from '../accounts/passwords';
import type { SignIn } from '../accounts/sign-in';
import type { RoleOrders, Servers } from '../edges';
import { closed } from '../steps/replication/floor';
import type { Address, ServerView, SlotRange } from '../view';
import { parseClusterShards } from './cluster-shards';
import { boundMs, connection, credentialsInTurn } from './connection';
import { discard } from './discard';
import { keepConnection, type KeptConnection } from './kept-connection';
import { keepServers } from './kept-servers';
import { meshCommands, type Send } from './links';
import { createLook } from './look';
import { parseModules } from './modules';

/**
 * Servers reached through ioredis, one connection a node, opened when first needed and again after it was lost.
 *
 * @param own the node beside which this process runs, where it decides whether that takes writes: a server that does not answer is
 *   told to take none, and hears it when it wakes, before anybody who connects after that
 */
export function createServers(
  readConfig: () => AgentConfig,
  home: string,
  passwords: Passwords,
  own?: string,
): Servers {
  const listeners: ((node: string) => void)[] = [];
  const lost = (node: string) => listeners.forEach((listener) => listener(node));
  const kept = keepServers((node, at) => {
    const closes = node.name === own && hasRecord(readConfig().topology);
    return createServer({ readConfig, home, passwords, closes, lost }, node, at);
  });
  return { ...kept, onLost: (listener) => void listeners.push(listener) };
}

/** What it takes to sign in at a server. */
export interface Access {
  readonly readConfig: () => AgentConfig;
  readonly home: string;
  readonly passwords: Passwords;
}

/** What it takes beside that, where the server is looked after. */
interface Care extends Access {
  /** Tell it to take no writes, when it does not answer. */
  readonly closes: boolean;
  readonly lost: (node: string) => void;
}

function createServer({ readConfig, home, passwords, closes, lost }: Care, node: NodeConfig, at: Address) {
  const attempts = async () => {
    const config = readConfig();
    const turns = await credentialsInTurn(config, passwords);
    return turns.map((credentials) => () => connection(config, home, { node, at }, credentials));
  };
  const { open, drop, close } = keepConnection(attempts, boundMs, () => lost(node.name));

  const send = async (...command: [string, ...(string | number)[]]) => {
    await (await open()).call(...command);
  };

  const look = createPatientLook(createLook(readConfig), { open, drop }, closes);

  return {
    look: () => look(true),
    setConfigEpoch: (epoch: number) => send('CLUSTER', 'SET-CONFIG-EPOCH', epoch),
    setNodeTimeout: (ms: number) => send('CONFIG', 'SET', 'cluster-node-timeout', ms),
    addSlots: (slots: readonly SlotRange[]) => send('CLUSTER', ...addSlotsCommand(readConfig(), slots)),
    meet: (peer: Address) => send('CLUSTER', 'MEET', peer.ip, peer.client, peer.bus),
    replicate: (primaryId: string) => send('CLUSTER', 'REPLICATE', primaryId),
    setReplicationUser: (user: string) => send('CONFIG', 'SET', 'masteruser', user),
    setDirective: (name: string, value: string) => send('CONFIG', 'SET', name, value),
    setAccounts: (change: AccountChange) => setAccounts(change, readConfig(), send),
    announce: (host: string, port: number) => send('CONFIG', 'SET', ...announcement(readConfig(), host, port)),
    modules: async () => parseModules(await (await open()).call('MODULE', 'LIST')),
    async hasMate(id: string) {
      if (!can(readConfig().engine, 'clusterShards')) return true;
      const shards = parseClusterShards(await (await open()).call('CLUSTER', 'SHARDS'));
      const myself = String(await (await open()).call('CLUSTER', 'MYID'));
      return shards.some((ids) => ids.includes(myself) && ids.includes(id));
    },
    failover: (force: boolean) => send('CLUSTER', 'FAILOVER', ...(force ? ['FORCE'] : [])),
    promote: () => send('CLUSTER', 'FAILOVER', 'TAKEOVER'),
    forget: (id: string) => send('CLUSTER', 'FORGET', id),
    discard: async (slots: readonly number[]) => discard(await open(), slots),
    shutDown: () => shutDown(send),
    ...meshCommands(send),
    roles: roleOrders(send),
    close,
  };
}

/** A connection that is lost in the middle says nothing of the server, which a second one does at once. Never rejects. */
function createPatientLook(
  ask: (redis: Redis) => Promise<ServerView>,
  { open, drop }: Pick<KeptConnection, 'open' | 'drop'>,
  closes: boolean,
) {
  return async function look(again: boolean): Promise<ServerView> {
    let used: Redis | undefined;
    try {
      used = await open();
      return await ask(used);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (used && closes) used.call(...setFloor(closed)).catch(() => undefined);
      if (used) drop(used);
      if (used && again && isLost(error)) return look(false);
      return { state: code === 'ECONNREFUSED' ? 'absent' : 'unreachable', reason: message || String(code) };
    }
  };
}

/** The other end has closed the connection, or is gone. */
const isLost = (error: unknown): boolean => {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return ['ECONNRESET', 'EPIPE'].includes(code) || message === 'Connection is closed.';
};

function announcement({ engine, tls }: AgentConfig, host: string, port: number): [string, ...(string | number)[]] {
  const name: [string, string] = ['cluster-announce-hostname', host];
  if (!can(engine, 'announceClientPort')) return name;
  return [...name, tls === 'off' ? 'cluster-announce-client-port' : 'cluster-announce-client-tls-port', port];
}

/** The connection ends with the server. What the server answers, it answers because it stays. */
async function shutDown(send: Send): Promise<void> {
  await send('SHUTDOWN').catch((error: unknown) => {
    if (error instanceof Error && error.name === 'ReplyError') throw error;
  });
}

async function setAccounts({ set, remove, signIn }: AccountChange, config: AgentConfig, send: Send): Promise<void> {
  const told = await Promise.allSettled([
    ...set.map(({ name, rules }) => send('ACL', 'SETUSER', name, 'reset', ...rules)),
    ...(remove.length > 0 ? [send('ACL', 'DELUSER', ...remove)] : []),
    ...signInDirectives(config, signIn).map((words) => send('CONFIG', 'SET', ...words)),
  ]);
  // One that the server refuses keeps no other from what he is to have.
  const refused = told.find((result) => result.status === 'rejected');
  if (refused) throw refused.reason;
}

/** In a cluster the user depends on whom the node follows, which another step sees to. */
const signInDirectives = ({ topology }: AgentConfig, { user, password }: SignIn): [string, string][] => [
  ...(topology === 'multi-master' ? [['masteruser', user] as [string, string]] : []),
  ['masterauth', password],
];

function roleOrders(send: Send): RoleOrders {
  return {
    follow: ({ ip, client }) => send('REPLICAOF', ip, client),
    lead: () => send('REPLICAOF', 'NO', 'ONE'),
    setFloor: (replicas) => send(...setFloor(replicas)),
    pauseWrites: (ms) => send('CLIENT', 'PAUSE', ms, 'WRITE'),
    resumeWrites: () => send('CLIENT', 'UNPAUSE'),
    async dropClients() {
      for (const type of ['normal', 'pubsub']) await send('CLIENT', 'KILL', 'TYPE', type);
    },
  };
}

const setFloor = (replicas: number): [string, ...(string | number)[]] => [
  'CONFIG',
  'SET',
  'min-replicas-to-write',
  replicas,
];

function addSlotsCommand(config: AgentConfig, slots: readonly SlotRange[]): [string, ...number[]] {
  if (can(config.engine, 'addSlotsRange')) return ['ADDSLOTSRANGE', ...slots.flat()];
  const each = slots.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index));
  return ['ADDSLOTS', ...each];
}
