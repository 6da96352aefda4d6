import type { AgentConfig, NodeConfig } from '../lib/contract/agent-config';
import type { Action } from './action';
import type { AddressBook, NodeHome, Peers, Platform, Server, Servers } from './edges';
import type { OwnObserver } from './observe-own';
import { ownNode } from './own-node';
import type { SlotKeeper } from './slot-keeper';
import { listSlots } from './slots';

/** What it takes to act. */
export interface Hands {
  readonly config: () => AgentConfig;
  readonly book: AddressBook;
  readonly servers: Servers;
  readonly peers: Peers;
  readonly home: NodeHome;
  readonly platform: Platform;
  readonly slots: SlotKeeper;
  /** Remembers what was done to the own node; a job beside the agents has none, and plans nothing that needs one. */
  readonly own?: OwnObserver;
}

/**
 * Executes one action; the only writer. Rejects with the reason where it could not be done: the next cycle looks again and decides anew.
 */
export async function act(action: Action, hands: Hands): Promise<void> {
  const server = (name: string) => serverOf(name, hands);
  switch (action.do) {
    case 'wait':
      return;
    case 'set-epoch':
      return (await server(action.node)).setConfigEpoch(action.epoch);
    case 'set-node-timeout':
      return (await server(action.node)).setNodeTimeout(action.ms);
    case 'assign-slots':
      return (await server(action.node)).addSlots(action.slots);
    case 'meet':
      return (await server(action.node)).meet(action.at);
    case 'replicate':
      return (await server(action.node)).replicate(action.primaryId);
    case 'set-replication-user':
      return (await server(action.node)).setReplicationUser(action.user);
    case 'failover':
      return failover(action, hands);
    case 'promote':
      return (await server(action.node)).promote();
    case 'forget':
      return forget(action.id, action.nodes, hands);
    case 'move-slots':
    case 'migrate-slots':
    case 'sign-back-in':
    case 'cancel-migrations':
    case 'name-owner':
    case 'close-slots':
      return hands.slots.act(action);
    case 'permit':
      return permit(action.start, hands);
    case 'discard':
      return (await server(action.node)).discard(listSlots(action.slots));
    case 'set-accounts': {
      const own = await server(action.node);
      return hands.home.updateAccounts(hands.config(), (change) => own.setAccounts(change));
    }
    case 'tell-ending':
      return tellEnding(action.node, hands);
    case 'release':
      return hands.home.release(action.drained ?? false);
    case 'label':
      await hands.platform.labelRole(action.node, action.role);
      hands.own?.labelled(action.role);
  }
}

const nodesOf = (config: AgentConfig): NodeConfig[] => config.shards.flatMap((shard) => shard.nodes);

async function serverOf(name: string, { config, book, servers }: Hands): Promise<Server> {
  const { node } = ownNode(config(), name);
  const at = await book.locate(node);
  if (!at) throw new Error(`${name} has no address`);
  return servers.of(node, at);
}

/**
 * A primary learns a second late that a new replica is of its shard. One that loses its slots to a node of another shard, as it thinks,
 * follows nobody and keeps its keys, and from then on refuses to follow anybody: clusterUpdateSlotsConfigWith (Valkey 8).
 */
async function failover(action: Extract<Action, { do: 'failover' }>, hands: Hands): Promise<void> {
  const { node, id, from, force } = action;
  if (!force && !(await (await serverOf(from, hands)).hasMate(id))) {
    throw new Error(`${from} has not heard yet that ${node} is of its shard`);
  }
  return (await serverOf(node, hands)).failover(force);
}

/** A node that has forgotten the id already says that it does not know it. */
async function forget(id: string, names: readonly string[], hands: Hands): Promise<void> {
  const each = names.map(async (name) => (await serverOf(name, hands)).forget(id));
  const failures = (await Promise.allSettled(each)).filter((result) => result.status === 'rejected');
  const serious = failures
    .map(({ reason }) => reason as Error)
    .find(({ message }) => !message.includes('Unknown node'));
  if (serious) throw serious;
}

/** The secrets and the address of this start first: the server reads them when it goes ahead. */
async function permit(start: string, { config, home, own }: Hands): Promise<void> {
  await home.writeNodeConfig(config());
  await home.permit(start);
  own?.gavePermit(start);
}

async function tellEnding(self: string, { config, book, peers, own }: Hands): Promise<void> {
  if (!own) return;
  const others = nodesOf(config()).filter((node) => node.name !== self);
  await Promise.all(
    others.map(async (node) => {
      const at = await book.locate(node);
      if (at) await peers.tell(node, at, own.report());
    }),
  );
  own.toldEnding();
}
