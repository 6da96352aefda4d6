import type { AgentConfig } from '../../lib/contract/agent-config';
import { goneAnswerMs } from '../patience';
import type { DatabaseView, ServerUp, TableEntry } from '../view';
import { believes, members, owns, type Member } from './members';
import { wait, type NodeStep } from './step';
import { bestReplica, linkSlackMs, votersFor } from './takeover';

/**
 * Takes over from a primary that has vanished with its agent: its machine has lost its power, or its network. The engine needs seconds
 * beyond the node timeout for that, because it pings seldom, has a majority agree that the node fails, and then waits for its turn.
 *
 * Whoever copies the primary hears from it every second, and so knows sooner that it is silent; what counts is the others' word. A majority of
 * primaries must have had no answer for the node timeout, and that much they have on record in `CLUSTER NODES`.
 * Each votes by the engine's rules still: a forced failover spares only the wait.
 */
export const replaceVanished: NodeStep = ({ name, database }, config) => {
  if (!database) return [];
  const all = members(database);
  const own = all.find((member) => member.name === name);
  const primaryId = own?.self.role === 'replica' ? own.self.primaryId : undefined;
  const lost = own && primaryId !== undefined ? believes(own, primaryId) : undefined;
  if (!own || !lost || lost.slots.length === 0 || !isSilent(own.server, config)) return [];
  if (own.ending || all.some(({ cluster }) => cluster.id === lost.id)) return [];
  const from = nameOf(lost, database);
  const doubt = whyNotYet({ own, lost, all, database, config });
  if (doubt !== undefined) return wait(`${from} is silent: ${doubt}`);
  return [{ do: 'failover', node: name, id: own.cluster.id, from, force: true }];
};

/**
 * From when on a replica asks around: its primary speaks every second, `repl-ping-replica-period`; and until when: by then the engine has
 * decided.
 */
export function isSilent({ role, linkSilentSeconds }: ServerUp, { nodeTimeoutMs }: AgentConfig): boolean {
  const silentMs = linkSilentSeconds * 1000;
  return role === 'replica' && silentMs >= 2000 && silentMs <= 4 * nodeTimeoutMs;
}

interface Case {
  readonly own: Member;
  /** What the own server believes of its primary. */
  readonly lost: TableEntry;
  readonly all: readonly Member[];
  readonly database: DatabaseView;
  readonly config: AgentConfig;
}

function whyNotYet({ own, lost, all, database, config }: Case): string | undefined {
  // Nobody has heard of it while it was looked at either, for as long as a look waits for who is gone: more of it may be others' time.
  const sinceMs = (ms: number): number => ms + Math.min(goneAnswerMs, database.tookMs ?? 0);
  // The engine counts in whole seconds: what it calls five began up to a second later. Others have counted milliseconds, see below.
  if (sinceMs(own.server.linkSilentSeconds * 1000) < config.nodeTimeoutMs) {
    return `for ${own.server.linkSilentSeconds} s by now`;
  }
  const voters = own.cluster.table.filter(({ role, slots }) => role === 'primary' && slots.length > 0).length;
  const pongs = all.filter(owns).flatMap((member) => unanswered(believes(member, lost.id), config) ?? []);
  const witnesses = pongs.filter((ms) => sinceMs(ms) >= config.nodeTimeoutMs);
  if (witnesses.length * 2 <= voters) return `${witnesses.length} of ${voters} primaries have had no answer for long`;
  if (votersFor(own, lost.id, all).length * 2 <= voters) return 'most primaries do not know who copies it';
  // What had lost its link before the primary vanished lacks what was written since.
  const freshest = Math.min(...witnesses) + linkSlackMs;
  const fresh = all.filter(({ server }) => server.linkSilentSeconds * 1000 <= freshest);
  const heir = bestReplica(lost.id, fresh);
  return heir?.name === own.name ? undefined : `${heir?.name ?? 'nobody'} is to take over`;
}

/** Milliseconds since the last answer, where a ping has been under way for too long to be on its way still. */
function unanswered(entry: TableEntry | undefined, { nodeTimeoutMs }: AgentConfig): number | undefined {
  const { unansweredMs = 0, lastPongMs } = entry ?? {};
  return unansweredMs >= nodeTimeoutMs / 4 ? lastPongMs : undefined;
}

/** By where it was; its id where nobody of the configuration is there. */
const nameOf = ({ id, ip, bus }: TableEntry, { nodes }: DatabaseView): string =>
  nodes.find(({ address }) => address?.ip === ip && address.bus === bus)?.name ?? id;
