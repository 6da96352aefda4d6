import { subtractSlots } from '../../../sidecar/slots';
import { announce, broadcast, greeting, header, type Message } from './messages';
import { stopHandover } from './handover';
import { becomePrimary, giveSlots, updateState } from './roles';
import { primaryOfMyself, quorum, votes, type Engine, type Peer } from './state';

/** `cluster-replica-validity-factor`, its default, and `repl-ping-replica-period`, which is ours. */
const validityFactor = 10;
const replicaPingMs = 1000;

/**
 * A replica's way to its primary's slots: when the primary has failed, or a manual failover has come so far.
 *
 * clusterHandleReplicaFailover; cluster specification, "Replica election and promotion"
 */
export function runForPrimary(engine: Engine): void {
  const { election, manual, myself, now } = engine;
  const primary = primaryOfMyself(engine);
  const wanted = manual.until > 0 && manual.canStart;
  if (myself.role === 'primary' || !primary || (!primary.failed && !wanted)) return;
  if (!wanted && isTooOld(engine)) return;
  const timeoutMs = Math.max(2 * engine.nodeTimeoutMs, 2000);
  if (now - election.at > 2 * timeoutMs) {
    schedule(engine, primary);
    if (manual.until === 0) return;
  }
  if (!election.sent && manual.until === 0) adjustRank(engine, primary);
  if (now < election.at || now - election.at > timeoutMs) return;
  if (!election.sent) askForVotes(engine);
  else if (election.votes >= quorum(engine)) replacePrimary(engine, primary, election.epoch);
}

function isTooOld(engine: Engine): boolean {
  const ageMs = engine.around.dataAgeMs();
  const beyondMs = ageMs > engine.nodeTimeoutMs ? ageMs - engine.nodeTimeoutMs : ageMs;
  return beyondMs > replicaPingMs + engine.nodeTimeoutMs * validityFactor;
}

function schedule(engine: Engine, primary: Peer): void {
  const { election, manual, now, random } = engine;
  election.votes = 0;
  election.sent = false;
  election.rank = manual.until > 0 ? 0 : rank(engine, primary);
  election.at = manual.until > 0 ? now : now + 500 + random.below(500) + election.rank * 1000;
  // The other replicas of this primary compare offsets.
  const rival = (peer: Peer) => peer.primaryId === primary.id;
  broadcast(engine, (peer) => greeting(engine, 'pong', peer), rival);
}

function adjustRank(engine: Engine, primary: Peer): void {
  const now = rank(engine, primary);
  engine.election.at += (now - engine.election.rank) * 1000;
  engine.election.rank = now;
}

/** How many replicas of the same primary have more data. clusterGetReplicaRank */
function rank(engine: Engine, primary: Peer): number {
  const { myself, peers, around } = engine;
  const own = around.offset();
  const better = ({ id, offset }: Peer) => offset > own || (offset === own && id < myself.id);
  return peers.list.filter((peer) => peer !== myself && peer.primaryId === primary.id && better(peer)).length;
}

function askForVotes(engine: Engine): void {
  engine.currentEpoch++;
  engine.election.epoch = engine.currentEpoch;
  engine.election.sent = true;
  const force = engine.manual.until > 0;
  broadcast(engine, () => ({ ...header(engine), kind: 'vote-request', force }));
}

/** Becomes primary of everything the old one had. clusterFailoverReplaceYourPrimary */
export function replacePrimary(engine: Engine, old: Peer, epoch: number): void {
  const { myself, around } = engine;
  myself.configEpoch = Math.max(myself.configEpoch, epoch);
  becomePrimary(myself);
  around.follow(undefined, false);
  giveSlots(engine, myself, old.slots);
  updateState(engine);
  announce(engine);
  stopHandover(engine);
}

/** Grants a vote, or says nothing. clusterSendFailoverAuthIfNeeded */
export function considerVote(engine: Engine, candidate: Peer, request: Message & { kind: 'vote-request' }): void {
  const { myself, now, peers } = engine;
  if (!votes(myself) || request.currentEpoch < engine.currentEpoch || engine.lastVoteEpoch === engine.currentEpoch)
    return;
  const primary = candidate.primaryId === undefined ? undefined : peers.get(candidate.primaryId);
  if (candidate.role === 'primary' || !primary || (!primary.failed && !request.force)) return;
  if (now - primary.votedAt < 2 * engine.nodeTimeoutMs) return;
  const newer = peers.list.filter((peer) => peer.configEpoch > request.configEpoch).flatMap((peer) => peer.slots);
  const outdated = subtractSlots(request.slots, subtractSlots(request.slots, newer));
  if (outdated.length > 0) return;
  engine.lastVoteEpoch = engine.currentEpoch;
  primary.votedAt = now;
  if (candidate.link) engine.around.send(candidate.link, { ...header(engine), kind: 'vote' });
}

/** A vote counts where it comes from a voter and is not older than the election. */
export function countVote(engine: Engine, voter: Peer, message: Message): void {
  if (!votes(voter) || message.currentEpoch < engine.election.epoch) return;
  engine.election.votes++;
  runForPrimary(engine);
}
