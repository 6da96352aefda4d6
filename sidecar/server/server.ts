import type Redis from 'ioredis';

import { can } from '../../lib/contract/engines';
import type { AgentConfig, NodeConfig } from '../../lib/contract/agent-config';
import type { AccountChange } from '../accounts/account';
import type { Passwords } from '../accounts/passwords';
import type { Server, Servers } from '../edges';
import type { Address, ServerView, SlotRange } from '../view';
import { parseClusterShards } from './cluster-shards';
import { connection, credentialsInTurn } from './connection';
import { keepConnection } from './kept-connection';
import { createLook } from './look';

/** Servers reached through ioredis, one connection a node, opened when first needed and again after it was lost. */
export function createServers(readConfig: () => AgentConfig, home: string, passwords: Passwords): Servers {
  const known = new Map<string, { readonly place: string; readonly server: Server & { close(): void } }>();
  const listeners: ((node: string) => void)[] = [];
  const lost = (node: string) => listeners.forEach((listener) => listener(node));
  return {
    of(node, at) {
      const place = `${at.ip} ${at.client}`;
      const last = known.get(node.name);
      if (last?.place === place) return last.server;
      last?.server.close();
      const server = createServer({ readConfig, home, passwords, lost }, node, at);
      known.set(node.name, { place, server });
      return server;
    },
    onLost: (listener) => void listeners.push(listener),
    close() {
      for (const { server } of known.values()) server.close();
      known.clear();
    },
  };
}

interface Access {
  readonly readConfig: () => AgentConfig;
  readonly home: string;
  readonly passwords: Passwords;
  readonly lost: (node: string) => void;
}

function createServer({ readConfig, home, passwords, lost }: Access, node: NodeConfig, at: Address) {
  const attempts = async () => {
    const config = readConfig();
    const turns = await credentialsInTurn(config, passwords);
    return turns.map((credentials) => () => connection(config, home, { node, at }, credentials));
  };
  const { open, drop, close } = keepConnection(attempts, () => lost(node.name));

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
    close,
  };
}

function addSlotsCommand(config: AgentConfig, slots: readonly SlotRange[]): [string, ...number[]] {
  if (can(config.engine, 'addSlotsRange')) return ['ADDSLOTSRANGE', ...slots.flat()];
  const each = slots.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index));
  return ['ADDSLOTS', ...each];
}
