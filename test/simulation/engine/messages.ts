import type { Role, SlotRange } from '../../../sidecar/view';
import { epochOf, isGreeted, primaryOfMyself, type Engine, type Link, type Peer } from './state';

/** What the header of every message says of its sender; a replica names its primary's slots and epoch. */
export interface Header {
  readonly sender: string;
  readonly role: Role;
  readonly primaryId: string | undefined;
  readonly shardId: string;
  readonly ip: string;
  readonly hostname: string;
  readonly currentEpoch: number;
  readonly configEpoch: number;
  readonly slots: readonly SlotRange[];
  readonly offset: number;
  /** A primary that refuses writes while it hands over. */
  readonly paused: boolean;
}

/** What a ping says of a third node. */
export interface Gossip {
  readonly id: string;
  readonly role: Role;
  readonly ip: string;
  readonly down: boolean;
  readonly pongReceived: number;
}

/** A ping, its answer, or the first word to a stranger. */
export type Greeting = Header & { readonly kind: 'ping' | 'pong' | 'meet'; readonly gossip: readonly Gossip[] };

/** One message of the bus. */
export type Message =
  | Greeting
  | (Header & { readonly kind: 'fail'; readonly failing: string })
  | (Header & {
      readonly kind: 'update';
      readonly of: string;
      readonly epoch: number;
      readonly claims: readonly SlotRange[];
    })
  | (Header & { readonly kind: 'vote-request'; readonly force: boolean })
  | (Header & { readonly kind: 'vote' })
  | (Header & { readonly kind: 'start-handover' });

/** Says hello, rather than something in particular. */
export const isGreeting = (message: Message): message is Greeting =>
  message.kind === 'ping' || message.kind === 'pong' || message.kind === 'meet';

/** clusterBuildMessageHdr */
export function header(engine: Engine): Header {
  const { myself } = engine;
  const primary = primaryOfMyself(engine) ?? myself;
  return {
    sender: myself.id,
    role: myself.role,
    primaryId: myself.primaryId,
    shardId: myself.shardId,
    ip: myself.ip,
    hostname: myself.hostname,
    currentEpoch: engine.currentEpoch,
    configEpoch: epochOf(engine, myself),
    slots: primary.slots,
    offset: engine.around.offset(),
    paused: myself.role === 'primary' && engine.manual.until > 0,
  };
}

/** A greeting, with news of others as far as there is room. `to` is the node it is for, where that is known. */
export function greeting(engine: Engine, kind: Greeting['kind'], to?: Peer): Greeting {
  return { ...header(engine), kind, gossip: gossip(engine, to) };
}

/** A tenth of the nodes and at least three, drawn as long as it is worth it, and every one that looks unreachable. */
function gossip(engine: Engine, to: Peer | undefined): Gossip[] {
  const { list } = engine.peers;
  const isTold = (peer: Peer): boolean => isGreeted(engine, peer) && peer !== to && !peer.addressless;
  const isSound = (peer: Peer): boolean => !peer.suspected && (peer.link !== undefined || peer.slots.length > 0);
  const room = Math.max(3, Math.floor(list.length / 10));
  const chosen = new Set<Peer>();
  for (let draws = 3 * room; draws > 0 && chosen.size < room; draws--) {
    const peer = engine.random.pick(list);
    if (isTold(peer) && isSound(peer)) chosen.add(peer);
  }
  for (const peer of list) if (peer.suspected && isTold(peer)) chosen.add(peer);
  return Array.from(chosen, ({ id, role, ip, suspected, failed, pongReceived }) => ({
    id,
    role,
    ip,
    down: suspected || failed,
    pongReceived,
  }));
}

/** Sends a ping on the peer's own link. */
export function ping(engine: Engine, peer: Peer, link: Link): void {
  peer.pingSent = engine.now;
  engine.around.send(link, greeting(engine, 'ping', peer));
}

/** Sends to every node there is a link to, but for those that have not introduced themselves. */
export function broadcast(
  engine: Engine,
  make: (peer: Peer) => Message,
  only: (peer: Peer) => boolean = () => true,
): void {
  for (const peer of engine.peers.list) {
    if (isGreeted(engine, peer) && peer.link && only(peer)) engine.around.send(peer.link, make(peer));
  }
}

/** Tells everybody what this server is now. */
export const announce = (engine: Engine): void => broadcast(engine, (peer) => greeting(engine, 'pong', peer));
