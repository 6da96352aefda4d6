import type Redis from 'ioredis';

import { can } from '../../lib/contract/engines';
import type { AgentConfig, NodeConfig } from '../../lib/contract/agent-config';
import type { AccountChange } from '../accounts/account';
import type { Passwords } from '../accounts/passwords';
import type { Servers } from '../edges';
import type { Address, ServerView, SlotRange } from '../view';
import { parseClusterShards } from './cluster-shards';
import { connection, credentialsInTurn } from './connection';
import { discard } from './discard';
import { keepConnection } from './kept-connection';
import { keepServers } from './kept-servers';
import { createLook } from './look';

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

  const look = createLook(readConfig);

  return {
    async look(): Promise<ServerView> {
      let used: Redis | undefined;
      try {
        used = await open();
        return await look(used);
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
