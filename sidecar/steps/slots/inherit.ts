import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { Action } from '../../action';
import type { DatabaseView, OwnView } from '../../view';
import { believes, members, owns, type Member } from '../members';
import { wait } from '../step';
import { isGone } from '../strangers';
import { patienceMs, votersFor } from '../takeover';

/**
 * What a replica does whose shard goes and whose primary, with slots, does not answer: nobody starts that again. Who has received the most
 * takes over by a vote, once the engine's own election has had its chance; the engine elects nobody who was without a primary for long.
 */
export function inherit(
  { stoppingMs, name, shard }: OwnView,
  self: Member,
  database: DatabaseView,
  config: AgentConfig,
): readonly Action[] {
  const fromId = self.self.primaryId!;
  const from = believes(self, fromId)!.hostname.split('.')[0]!;
  const stay = 'ending: its primary does not answer, and it has a copy of its slots';
  const all = members(database);
  const mates = database.nodes.filter((node) => node.shard === shard && ![name, from].includes(node.name));
  const unknown = mates.find((mate) => !all.some((member) => member.name === mate.name));
  // It may have more.
  if (unknown) return wait(`${stay}; ${unknown.name} does not answer either`);
  const heirs = all.filter((member) => member.self.primaryId === fromId);
  const [heir] = heirs.sort((a, b) => b.server.offset - a.server.offset || a.name.localeCompare(b.name));
  if (heir !== self || stoppingMs < patienceMs(config)) return wait(stay);
  const voters = self.cluster.table.filter(({ role, slots }) => role === 'primary' && slots.length > 0);
  const sure = all.filter((member) => owns(member) && isMissed(member, fromId));
  const votes = Math.min(sure.length, votersFor(self, fromId, all).length);
  if (votes * 2 <= voters.length) return wait(`${stay}; most primaries do not know that yet`);
  return [{ do: 'failover', node: name, id: self.cluster.id, from, force: true }];
}

function isMissed(member: Member, id: string): boolean {
  const entry = believes(member, id);
  return entry !== undefined && isGone(entry);
}
