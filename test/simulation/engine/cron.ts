import { runForPrimary } from './election';
import { failIfAgreed } from './failures';
import { continueHandover, stopHandover } from './handover';
import { greeting, ping } from './messages';
import { updateState } from './roles';
import { dropLink, isGreeted, removePeer, votes, type Engine, type Link, type Peer } from './state';

/** How often {@link cron} runs. Milliseconds. */
export const cronMs = 100;

/** What a server does of itself, ten times a second. clusterCron */
export function cron(engine: Engine): void {
  engine.cronRuns++;
  for (const peer of engine.peers.list) reconnect(engine, peer);
  if (engine.cronRuns % 10 === 0) pingSomebody(engine);
  for (const peer of engine.peers.list) if (isGreeted(engine, peer) && !peer.addressless) watch(engine, peer);
  if (engine.manual.until > 0 && engine.manual.until < engine.now) stopHandover(engine);
  if (engine.myself.role === 'replica') {
    continueHandover(engine);
    runForPrimary(engine);
  }
  updateState(engine);
}

function reconnect(engine: Engine, peer: Peer): void {
  if (peer === engine.myself || peer.addressless) return;
  if (peer.handshake && engine.now - peer.createdAt > Math.max(engine.nodeTimeoutMs, 1000)) {
    removePeer(engine, peer);
    return;
  }
  if (peer.link) return;
  peer.link = { peer, ip: peer.ip, openedAt: engine.now, open: false, waiting: [] };
  engine.around.connect(peer.link);
}

/** The link is open: the first word on it is a greeting. clusterLinkConnectHandler */
export function linkOpened(engine: Engine, link: Link): void {
  const { peer } = link;
  if (peer.link !== link) return;
  link.open = true;
  const since = peer.pingSent;
  engine.around.send(link, greeting(engine, peer.meet ? 'meet' : 'ping', peer));
  if (!peer.meet) peer.pingSent = since > 0 ? since : engine.now;
  for (const message of link.waiting.splice(0)) engine.around.send(link, message);
}

/** The other end has closed the link, or refused it. */
export function linkClosed(link: Link): void {
  if (link.peer.link === link) dropLink(link.peer);
}

/** Of five, whoever was silent for longest. */
function pingSomebody(engine: Engine): void {
  const all = engine.peers.list;
  const drawn = Array.from({ length: 5 }, () => engine.random.pick(all));
  const idle = drawn.filter((peer) => isGreeted(engine, peer) && peer.link && peer.pingSent === 0);
  const oldest = idle.sort((a, b) => a.pongReceived - b.pongReceived)[0];
  if (oldest?.link) ping(engine, oldest, oldest.link);
}

/** Pings whoever was silent for half the node timeout, and suspects whoever does not answer for the whole of it. */
function watch(engine: Engine, peer: Peer): void {
  const { now, nodeTimeoutMs, manual } = engine;
  const halfMs = nodeTimeoutMs / 2;
  const waitedMs = now - peer.pingSent;
  const silentMs = now - peer.heardAt;
  const stuck = peer.pingSent > 0 && waitedMs > halfMs && silentMs > halfMs;
  if (peer.link && stuck && now - peer.link.openedAt > nodeTimeoutMs) dropLink(peer);
  if (peer.link && peer.pingSent === 0 && now - peer.pongReceived > halfMs) {
    ping(engine, peer, peer.link);
    return;
  }
  if (manual.until > 0 && manual.replica === peer.id && peer.link) {
    ping(engine, peer, peer.link);
    return;
  }
  if (peer.pingSent === 0 || Math.min(waitedMs, silentMs) <= nodeTimeoutMs || peer.suspected || peer.failed) return;
  peer.suspected = true;
  updateState(engine);
  if (engine.size === 1 && votes(engine.myself)) failIfAgreed(engine, peer);
}
