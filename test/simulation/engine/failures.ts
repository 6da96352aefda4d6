import { broadcast, header } from './messages';
import { updateState } from './roles';
import { quorum, votes, type Engine, type Peer } from './state';

/** Whether enough primaries agree that a node this server cannot reach has failed; if so, everybody is told. markNodeAsFailingIfNeeded */
export function failIfAgreed(engine: Engine, peer: Peer): void {
  if (!peer.suspected || peer.failed) return;
  const failures = countReports(engine, peer) + (votes(engine.myself) ? 1 : 0);
  if (failures < quorum(engine)) return;
  markFailed(engine, peer);
  broadcast(engine, () => ({ ...header(engine), kind: 'fail', failing: peer.id }));
}

/** Takes a majority's word for it. */
export function markFailed(engine: Engine, peer: Peer): void {
  peer.suspected = false;
  peer.failed = true;
  peer.failedAt = engine.now;
  updateState(engine);
}

/** Other primaries that have said lately that the node fails. */
export function countReports(engine: Engine, peer: Peer): number {
  for (const [from, at] of peer.reports) if (engine.now - at > 2 * engine.nodeTimeoutMs) peer.reports.delete(from);
  return peer.reports.size;
}

/** The node answers again. A primary that had slots stays failed a while, for a replica to take over. clearNodeFailureIfNeeded */
export function answersAgain(engine: Engine, peer: Peer): void {
  const wait = votes(peer) ? 2 * engine.nodeTimeoutMs : -1;
  if (peer.suspected) peer.suspected = false;
  else if (peer.failed && engine.now - peer.failedAt > wait) peer.failed = false;
  else return;
  updateState(engine);
}
