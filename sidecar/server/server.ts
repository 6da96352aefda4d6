import type Redis from 'ioredis';

import { can } from '../../lib/contract/engines';
import type { AgentConfig, NodeConfig } from '../../lib/contract/agent-config';
import type { AccountChange } from '../accounts/account';
import type { Passwords } from '../accounts/passwords';
import type { Servers } from '../edges';
import type { Address, ClusterView, ServerView, SlotRange } from '../view';
import { parseClusterNodes } from './cluster-nodes';
import { parseClusterShards } from './cluster-shards';
import { connection, credentialsInTurn } from './connection';
import { discard } from './discard';
import { parseFields, parseInfo } from './info';
import { keepConnection } from './kept-connection';
import { keepServers } from './kept-servers';

/** Sections of INFO that hold what we read; the whole of it is three times as long. */
const sections = ['server', 'clients', 'memory', 'persistence', 'replication'];

/** Servers reached through ioredis, one connection a node, opened when first needed and again after it was lost. */
export function createServers(readConfig: () => AgentConfig, home: string, passwords: Passwords): Servers {
  return keepServers((node, at) => createServer({ readConfig, home, passwords }, node, at));
}

/** What it takes to sign in at a server. */
export interface Access {
  readonly readConfig: () => AgentConfig;
  readonly home: string;
  readonly passwords: Passwords;
}

function createServer({ readConfig, home, passwords }: Access, node: NodeConfig, at: Address) {
  const { open, drop, onLost, close } = keepConnection(async () => {
    const config = readConfig();
    const turns = await credentialsInTurn(config, passwords);
    return turns.map((credentials) => () => connection(config, home, { node, at }, credentials));
  });

  const send = async (...command: [string, ...(string | number)[]]) => {
    await (await open()).call(...command);
  };

  return {
    async look(): Promise<ServerView> {
      let used: Redis | undefined;
      try {
        used = await open();
        return await look(used, readConfig());
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (used) drop(used);
        return { state: code === 'ECONNREFUSED' ? 'absent' : 'unreachable', reason: message || String(code) };
      }
    },
    onLost,
    setConfigEpoch: (epoch: number) => send('CLUSTER', 'SET-CONFIG-EPOCH', epoch),
    setNodeTimeout: (ms: number) => send('CONFIG', 'SET', 'cluster-node-timeout', ms),
    addSlots: (slots: readonly SlotRange[]) => send('CLUSTER', ...addSlotsCommand(readConfig(), slots)),
    meet: (peer: Address) => send('CLUSTER', 'MEET', peer.ip, peer.client, peer.bus),
    replicate: (primaryId: string) => send('CLUSTER', 'REPLICATE', primaryId),
    setReplicationUser: (user: string) => send('CONFIG', 'SET', 'masteruser', user),
    async setAccounts({ set, remove, replicationPassword }: AccountChange) {
      const told = await Promise.allSettled([
        ...set.map(({ name, rules }) => send('ACL', 'SETUSER', name, 'reset', ...rules)),
        ...(remove.length > 0 ? [send('ACL', 'DELUSER', ...remove)] : []),
        send('CONFIG', 'SET', 'masterauth', replicationPassword),
      ]);
      // One that the server refuses keeps no other from what he is to have.
      const refused = told.find((result) => result.status === 'rejected');
      if (refused) throw refused.reason;
    },
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
    close,
  };
}

function addSlotsCommand(config: AgentConfig, slots: readonly SlotRange[]): [string, ...number[]] {
  if (can(config.engine, 'addSlotsRange')) return ['ADDSLOTSRANGE', ...slots.flat()];
  const each = slots.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index));
  return ['ADDSLOTS', ...each];
}

/** Everything in one round trip. While a server loads its files it answers INFO and refuses the rest. */
async function look(redis: Redis, config: AgentConfig): Promise<ServerView> {
  const pipeline = redis.pipeline();
  for (const section of sections) pipeline.call('INFO', section);
  if (config.topology === 'cluster') {
    pipeline.call('CLUSTER', 'INFO').call('CLUSTER', 'NODES');
    for (const directive of ['cluster-node-timeout', 'masteruser']) pipeline.call('CONFIG', 'GET', directive);
  }
  const replies = ((await pipeline.exec()) ?? []) as [Error | null, unknown][];
  const info = replies.slice(0, sections.length).map((reply) => text(reply));
  const facts = parseInfo(info.join('\r\n'));
  if (config.topology !== 'cluster' || facts.loading) return { state: 'up', ...facts };
  const [clusterInfo, clusterNodes, nodeTimeout, masterUser] = replies.slice(sections.length);
  const cluster = {
    ...parseCluster(text(clusterInfo), text(clusterNodes)),
    nodeTimeoutMs: Number(valueOf(nodeTimeout)),
    replicationUser: valueOf(masterUser),
  };
  return { state: 'up', ...facts, cluster };
}

/** Of a directive: the reply is its name and its value. */
const valueOf = (reply: [Error | null, unknown] | undefined): string => text(reply).split(',')[1] ?? '';

function text(reply: [Error | null, unknown] | undefined): string {
  if (!reply) throw new Error('the connection was lost');
  if (reply[0]) throw reply[0];
  return String(reply[1]);
}

function parseCluster(info: string, nodes: string): Omit<ClusterView, 'nodeTimeoutMs' | 'replicationUser'> {
  const fields = parseFields(info);
  const table = parseClusterNodes(nodes);
  const myself = table.find((entry) => entry.myself);
  if (!myself) throw new Error('CLUSTER NODES has no line of the server itself');
  return {
    id: myself.id,
    ok: fields.get('cluster_state') === 'ok',
    currentEpoch: Number(fields.get('cluster_current_epoch') ?? 0),
    slotsAssigned: Number(fields.get('cluster_slots_assigned') ?? 0),
    table,
  };
}
