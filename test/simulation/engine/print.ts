import { formatSlots } from '../../../sidecar/slots';
import type { Engine, Peer } from './state';

/** What every server believes of every node, as `CLUSTER NODES` would say, with names instead of ids. */
export function printTables(servers: ReadonlyMap<string, Engine>): string {
  const names = new Map([...servers].map(([name, { myself }]) => [myself.id, name]));
  const nameOf = (id: string): string => names.get(id) ?? id.slice(0, 8);
  return [...servers].map(([name, engine]) => printTable(name, engine, nameOf)).join('\n');
}

function printTable(name: string, engine: Engine, nameOf: (id: string) => string): string {
  const state = engine.ok ? 'ok' : 'fail';
  const lines = [...engine.peers.values()].map((peer) => `  ${printPeer(peer, nameOf)}`);
  return [`${name} at ${engine.myself.ip}: ${state}, current epoch ${engine.currentEpoch}`, ...lines].join('\n');
}

function printPeer(peer: Peer, nameOf: (id: string) => string): string {
  const { id, ip, role, primaryId, configEpoch, slots, link } = peer;
  const flags = [
    peer.suspected && 'fail?',
    peer.failed && 'fail',
    peer.handshake && 'handshake',
    peer.addressless && 'noaddr',
    !link && 'disconnected',
    link?.open === false && 'opening',
  ].filter((flag) => flag !== false);
  const following = primaryId === undefined ? '' : ` of ${nameOf(primaryId)}`;
  return [nameOf(id), ip, role + following, ...flags, `epoch ${configEpoch}`, formatSlots(slots)].join(' ');
}
