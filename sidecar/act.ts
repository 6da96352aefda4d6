import type { AgentConfig } from '../lib/contract/agent-config';
import { actOnPlatform, isPlatformAction } from './act-on-platform';
import { actOnServer } from './act-on-server';
import { label, labelAtOnce } from './act-label';
import { actOnSentinel } from './act-sentinel';
import type { Action, ActionOf, OfficeAction, PlatformAction, PodAction } from './action';
import { isSlotAction, type SlotAction } from './action-slots';
import { isSourceAction, type SourceAction } from './action-source';
import { actOnSource } from './act-source';
import type { AddressBook, Clock, NodeHome, Peers, Platform, Sentinels, Server, Servers } from './edges';
import { handOver, handOverCopy } from './hand-over';
import type { OwnObserver } from './observe-own';
import { atService, ownNode, podsOf } from './own-node';
import type { Primacy } from './primacy';
import { appointed } from './record';
import type { Restorer } from './restore/restorer';
import type { SlotKeeper } from './slot-keeper';
import { listSlots } from './slots';
import { closed } from './steps/replication/floor';
import { slackMs } from './steps/replication/timing';
import { prepareSentinels } from './tell-sentinels';
import type { Turns } from './turns';
import type { Address, PrimaryRecord } from './view';

/** What it takes to act. */
export interface Hands {
  readonly config: () => AgentConfig;
  readonly book: AddressBook;
  readonly servers: Servers;
  readonly sentinels?: Sentinels;
  readonly peers: Peers;
  readonly home: NodeHome;
  readonly platform: Platform;
  readonly slots: SlotKeeper;
  /** Remembers what was done to the own node; a job beside the agents has none, and plans nothing that needs one. */
  readonly own?: OwnObserver;
  /** Where the server beside this agent listens, whatever its name resolves to. */
  readonly ownAddress?: () => Promise<Address>;
  /** Where the agents decide who is primary. */
  readonly primacy?: Primacy;
  /** Brings a backup to the own volume; where there is none, no spec names one. */
  readonly restorer?: Pick<Restorer, 'begin' | 'stop'>;
  /** In which an agent labels pods; a job beside the agents labels none. */
  readonly labels?: Turns;
  readonly clock: Clock;
}

/**
 * Executes one action; the only writer. Rejects with the reason where it could not be done: the next cycle looks again and decides anew.
 */
export const act = async (action: Action, hands: Hands): Promise<void> => {
  if (isSlotAction(action)) return hands.slots.act(action);
  if (isPlatformAction(action)) return actOnPlatform(action, hands.platform);
  if (!isSourceAction(action)) return actOnNodes(action, hands);
  return actOnSource(action, { ...hands, server: await serverOf(action.node, hands) });
};

type NodesAction = Exclude<Action, SlotAction | PlatformAction | SourceAction>;

async function actOnNodes(action: NodesAction, hands: Hands): Promise<void> {
  switch (action.do) {
    case 'wait':
      return;
    case 'restore':
      hands.restorer!.begin(action);
      return;
    case 'failover':
    case 'forget':
      return actOnTables(action, hands);
    case 'set-epoch':
    case 'set-node-timeout':
    case 'assign-slots':
    case 'meet':
    case 'replicate':
    case 'set-replication-user':
    case 'set-replicas-to-write':
    case 'promote':
    case 'link':
    case 'unlink':
    case 'relink':
    case 'refuse-writes':
      return actOnServer(action, await serverOf(action.node, hands));
    case 'permit':
    case 'discard':
    case 'set-accounts':
    case 'set-directives':
    case 'announce':
    case 'tell-ending':
    case 'shut-down':
    case 'release':
    case 'label':
      return actOnPod(action, hands);
    case 'appoint':
    case 'lead':
    case 'follow':
    case 'open':
    case 'close':
    case 'note-copies':
    case 'hand-over':
      return actOnOffice(action, requirePrimacy(hands), hands);
    case 'ask-failover':
    case 'monitor':
    case 'configure':
    case 'redirect':
    case 'reset':
      return actOnSentinel(action, { ...hands, sentinels: hands.sentinels! });
  }
}

/** What every node of a cluster gets to know. */
const actOnTables = (action: ActionOf<'failover' | 'forget'>, hands: Hands): Promise<void> =>
  action.do === 'failover' ? failover(action, hands) : forget(action.id, action.nodes, hands);

/** What an agent does in its own pod; in a mesh the coordinator labels all. */
async function actOnPod(action: PodAction, hands: Hands): Promise<void> {
  const { home, config } = hands;
  switch (action.do) {
    case 'permit':
      return permit(action, hands);
    case 'discard':
      return (await serverOf(action.node, hands)).discard(listSlots(action.slots));
    case 'set-accounts': {
      const own = await serverOf(action.node, hands);
      return home.updateAccounts(config(), (change) => own.setAccounts(change));
    }
    case 'set-directives': {
      const own = await serverOf(action.node, hands);
      return home.updateDirectives((name, value) => own.setDirective(name, value));
    }
    case 'announce':
      return (await serverOf(action.node, hands)).announce(action.host, action.port);
    case 'tell-ending':
      return tellEnding(hands);
    case 'shut-down':
      return (await serverOf(action.node, hands)).shutDown();
    case 'release':
      return home.release(action.drained ?? false);
    case 'label':
      return label(action, hands);
  }
}

function requirePrimacy({ primacy }: Hands): Primacy {
  if (!primacy) throw new Error('only the agent beside a server may change who is primary');
  return primacy;
}

/** Everything that makes a node primary or replica, each done by the agent of that node, but for the appointment of its successor. */
async function actOnOffice(action: OfficeAction, primacy: Primacy, hands: Hands): Promise<void> {
  const server = (name: string) => serverOf(name, hands);
  switch (action.do) {
    case 'appoint':
      await change(primacy, action.base, appointed(action));
      return tellOthers(hands);
    case 'lead':
      await (await server(action.node)).roles.lead();
      // Clients wait: the proof that the next pass would look for may be at hand.
      await open({ ...action, replicas: hands.config().minReplicasToWrite ?? 0 }, primacy, hands);
      labelAtOnce(action.node, hands);
      return tellOthers(hands);
    case 'follow': {
      const { roles } = await server(action.node);
      await roles.follow(action.at);
      return action.wasPrimary ? roles.dropClients() : undefined;
    }
    case 'open':
      return open(action, primacy, hands);
    case 'close':
      await (await server(action.node)).roles.setFloor(closed);
      primacy.setOpen(false);
      return;
    case 'note-copies': {
      const { base, inSync, history } = action;
      return change(primacy, base, { ...base, inSync, history });
    }
    case 'hand-over': {
      const [own, heir, at] = await Promise.all([
        server(action.from),
        server(action.node),
        hands.book.locate(atService(ownNode(hands.config(), action.node).node)),
      ]);
      if (!at) throw new Error(`${action.node} has no address`);
      const next = appointed({ ...action, vacated: true });
      const { clock, config } = hands;
      const tell = () => tellOthers(hands);
      const prepare = () => prepareNews(at, hands);
      const handover = { primacy, clock, config, own, heir, at, base: action.base, next, tell, prepare };
      return (next.source === undefined ? handOver : handOverCopy)(handover);
    }
  }
}

/** Clients ask Sentinels, where there are any. */
async function prepareNews(primary: Address, { sentinels, ...hands }: Hands): Promise<() => Promise<void>> {
  const tell = sentinels && (await prepareSentinels({ ...hands, sentinels }));
  return async () => tell?.(primary);
}

async function change(primacy: Primacy, base: PrimaryRecord, next: PrimaryRecord): Promise<void> {
  if (await primacy.swap(base, next)) return;
  throw new Error('somebody else has changed the record of who is primary');
}

/** Looks at the proof at the last moment: since it was planned, time has passed. */
async function open(
  { node, replicas }: { readonly node: string; readonly replicas: number },
  primacy: Primacy,
  hands: Hands,
): Promise<void> {
  const { roles } = await serverOf(node, hands);
  if (primacy.view().provenMs <= slackMs(hands.config())) return;
  primacy.setOpen(true);
  await roles.setFloor(replicas);
}

async function serverOf(name: string, hands: Hands): Promise<Server> {
  const at = await addressOf(name, hands);
  return hands.servers.of(ownNode(hands.config(), name).node, at);
}

/**
 * Where the agents decide who is primary, nobody is asked for the own server's name: orders to it, above all to take no writes, depend on no
 * resolver, and reach nobody else.
 */
async function addressOf(name: string, { config, book, own, ownAddress, primacy }: Hands): Promise<Address> {
  if (primacy && ownAddress && name === own?.report().node) return ownAddress();
  const at = await book.locate(ownNode(config(), name).node);
  if (!at) throw new Error(`${name} has no address`);
  return at;
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
async function permit(
  action: Extract<Action, { do: 'permit' }>,
  { config, home, own, restorer }: Hands,
): Promise<void> {
  const { start, role, anew = false } = action;
  await restorer?.stop();
  await home.writeNodeConfig(config());
  if (role) await home.writeStartRole(role);
  await home.permit(start, anew);
  own?.gavePermit(start);
}

async function tellEnding(hands: Hands): Promise<void> {
  await tellOthers(hands);
  hands.own?.toldEnding();
}

async function tellOthers({ config, book, peers, own }: Hands): Promise<void> {
  if (!own) return;
  const others = podsOf(config()).filter((node) => node.name !== own.report().node);
  await Promise.all(
    others.map(async (node) => {
      const at = await book.locate(node);
      if (at) await peers.tell(node, at, own.report());
    }),
  );
}
