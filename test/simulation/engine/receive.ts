import { considerVote, countVote, runForPrimary } from './election';
import { answersAgain, failIfAgreed, markFailed } from './failures';
import { continueHandover, handoverMs, stopHandover } from './handover';
import { greeting, header, isGreeting, type Greeting, type Header, type Message } from './messages';
import { acceptClaims, becomePrimary, followPrimary, outdatedBy, updateState } from './roles';
import {
  createPeer,
  dropLink,
  isCurrent,
  primaryOfMyself,
  removePeer,
  votes,
  type Engine,
  type Link,
  type Peer,
} from './state';

/** How a message came. */
export interface Arrival {
  /** The link it came back on, where this server had opened that; absent where the sender had. */
  readonly link?: Link;
  readonly reply: (message: Message) => void;
}

/** Takes in one message of another server. clusterProcessPacket */
export function receive(engine: Engine, message: Message, arrival: Arrival): void {
  const sender = engine.peers.get(message.sender);
  if (sender) hear(engine, sender, message);
  if (isGreeting(message)) greet(engine, message, arrival, sender);
  else if (sender) obey(engine, message, arrival, sender);
}

/** What every message says. */
function hear(engine: Engine, sender: Peer, message: Header): void {
  const { manual, myself } = engine;
  sender.heardAt = engine.now;
  engine.currentEpoch = Math.max(engine.currentEpoch, message.currentEpoch);
  if (message.primaryId === undefined) sender.configEpoch = Math.max(sender.configEpoch, message.configEpoch);
  sender.offset = message.offset;
  if (manual.until > 0 && myself.primaryId === sender.id && message.paused && manual.primaryOffset === undefined) {
    manual.primaryOffset = message.offset;
    continueHandover(engine);
    runForPrimary(engine);
  }
}

function obey(engine: Engine, message: Exclude<Message, Greeting>, arrival: Arrival, sender: Peer): void {
  if (message.kind === 'fail') believeFailed(engine, message.failing);
  else if (message.kind === 'vote-request') considerVote(engine, sender, message);
  else if (message.kind === 'vote') countVote(engine, sender, message);
  else if (message.kind === 'start-handover') pauseFor(engine, sender, arrival);
  else believeUpdate(engine, message);
}

function believeFailed(engine: Engine, id: string): void {
  const peer = engine.peers.get(id);
  if (peer && peer !== engine.myself && !peer.failed) markFailed(engine, peer);
}

function believeUpdate(engine: Engine, { of, epoch, claims }: Message & { kind: 'update' }): void {
  const peer = engine.peers.get(of);
  if (!peer || peer.configEpoch >= epoch) return;
  becomePrimary(peer);
  peer.configEpoch = epoch;
  acceptClaims(engine, peer, epoch, claims);
  updateState(engine);
}

/** A primary stops taking writes, so that the replica can catch up. */
function pauseFor(engine: Engine, replica: Peer, { reply }: Arrival): void {
  if (replica.primaryId !== engine.myself.id) return;
  stopHandover(engine);
  engine.manual.until = engine.now + handoverMs;
  engine.manual.replica = replica.id;
  reply(greeting(engine, 'ping', replica));
}

function greet(engine: Engine, message: Greeting, arrival: Arrival, sender: Peer | undefined): void {
  if (message.kind !== 'pong') {
    if (!sender && message.kind === 'meet') {
      takeIn(engine, message);
      takeGossip(engine, message, undefined);
    }
    arrival.reply(greeting(engine, 'pong', sender));
  }
  if (sender) sender.meet = false;
  const linked = arrival.link && isCurrent(engine, arrival.link) ? arrival.link.peer : undefined;
  if (linked && !identify(engine, linked, message, sender)) return;
  const known = sender ?? engine.peers.get(message.sender);
  if (!known) return;
  if (message.kind === 'ping' && !arrival.link) moveTo(engine, known, message.ip);
  if (linked && message.kind === 'pong') {
    linked.pongReceived = engine.now;
    linked.pingSent = 0;
    answersAgain(engine, linked);
  }
  // A greeting that completes a handshake says nothing more yet: the sender was unknown when it came.
  if (sender) learn(engine, sender, message, arrival);
}

/** Somebody wants to be known: its id is asked for by a ping of our own. */
function takeIn(engine: Engine, { ip }: Header): void {
  const peer = { ...createPeer(engine.random.hex(40), engine.now), handshake: true, ip };
  engine.peers.set(peer.id, peer);
}

/** Checks who answers at the end of a link. @returns false where there is nothing more to read */
function identify(engine: Engine, linked: Peer, message: Header, sender: Peer | undefined): boolean {
  if (linked.handshake) {
    if (sender) {
      moveTo(engine, sender, message.ip);
      removePeer(engine, linked);
      return false;
    }
    engine.peers.delete(linked.id);
    Object.assign(linked, { id: message.sender, handshake: false, meet: false, role: message.role });
    engine.peers.set(linked.id, linked);
    return true;
  }
  if (linked.id === message.sender) return true;
  linked.addressless = true;
  linked.ip = '';
  dropLink(linked);
  return false;
}

/** nodeUpdateAddressIfNeeded */
function moveTo(engine: Engine, peer: Peer, ip: string): void {
  if (peer === engine.myself || peer.ip === ip) return;
  peer.ip = ip;
  peer.addressless = false;
  dropLink(peer);
  if (engine.myself.primaryId === peer.id) engine.around.follow(ip, false);
}

/** Roles, slots, epochs and news of others. */
function learn(engine: Engine, sender: Peer, message: Greeting, arrival: Arrival): void {
  learnRole(engine, sender, message);
  if (message.primaryId === undefined) {
    acceptClaims(engine, sender, message.configEpoch, message.slots);
    const newer = outdatedBy(engine, sender, message.configEpoch, message.slots);
    if (newer && sender.link) {
      const update = { kind: 'update', of: newer.id, epoch: newer.configEpoch, claims: newer.slots } as const;
      engine.around.send(sender.link, { ...header(engine), ...update });
    }
  }
  settleCollision(engine, sender, message);
  takeGossip(engine, message, sender, arrival);
  sender.hostname = message.hostname;
  sender.shardId = message.shardId;
  if (engine.myself.primaryId === sender.id) engine.myself.shardId = message.shardId;
  updateState(engine);
}

function learnRole(engine: Engine, sender: Peer, message: Header): void {
  if (message.primaryId === undefined) {
    becomePrimary(sender);
    return;
  }
  const primary = engine.peers.get(message.primaryId);
  if (sender.role === 'primary' && !yieldsTo(engine, sender, primary, message)) sender.slots = [];
  sender.role = 'replica';
  if (!primary || sender.primaryId === primary.id) return;
  sender.primaryId = primary.id;
  leaveReplicaOfReplica(engine);
}

/** A primary that became a replica in its own shard keeps its slots until the new primary claims them. */
function yieldsTo(engine: Engine, sender: Peer, primary: Peer | undefined, message: Header): boolean {
  if (primary?.shardId !== sender.shardId) return false;
  if (sender.configEpoch <= message.configEpoch && primary !== engine.myself) {
    becomePrimary(primary);
    primary.configEpoch = message.configEpoch;
  }
  return true;
}

/** Nobody follows a replica for long. */
function leaveReplicaOfReplica(engine: Engine): void {
  const above = primaryOfMyself(engine)?.primaryId;
  const top = above === undefined || above === engine.myself.id ? undefined : engine.peers.get(above);
  if (top) followPrimary(engine, top, top.shardId !== engine.myself.shardId);
}

/** Two primaries with one epoch: the one with the smaller id takes a new one. clusterHandleConfigEpochCollision */
function settleCollision(engine: Engine, sender: Peer, message: Header): void {
  const { myself } = engine;
  const collide = message.configEpoch === myself.configEpoch && sender.role === 'primary' && myself.role === 'primary';
  if (!collide || sender.id <= myself.id) return;
  engine.currentEpoch++;
  myself.configEpoch = engine.currentEpoch;
}

/** clusterProcessGossipSection; `sender` is absent for a MEET of a stranger, whose news are not believed. */
function takeGossip(engine: Engine, { gossip }: Greeting, sender: Peer | undefined, arrival?: Arrival): void {
  for (const news of gossip) {
    const peer = engine.peers.get(news.id);
    if (peer && peer !== engine.myself) {
      if (sender && votes(sender)) report(engine, peer, sender, news.down);
      const idle = !news.down && peer.pingSent === 0 && peer.reports.size === 0;
      if (idle && news.pongReceived > peer.pongReceived) peer.pongReceived = news.pongReceived;
      const elsewhere = (peer.suspected || peer.failed) && !news.down && peer.ip !== news.ip;
      if (elsewhere && arrival) moveTo(engine, peer, news.ip);
    } else if (!peer && sender && (engine.forgotten.get(news.id) ?? 0) <= engine.now) {
      const added = { ...createPeer(news.id, engine.now), role: news.role, ip: news.ip };
      engine.peers.set(news.id, added);
    }
  }
}

function report(engine: Engine, peer: Peer, sender: Peer, down: boolean): void {
  if (!down) {
    peer.reports.delete(sender.id);
    return;
  }
  peer.reports.set(sender.id, engine.now);
  failIfAgreed(engine, peer);
}
