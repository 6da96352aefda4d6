import type { AgentConfig } from '../lib/contract/agent-config';
import type { Finding } from './findings';
import { needed, whyNotWhole } from './steps/sentinel/whole';
import { watchersOf } from './steps/sentinel/choice';
import type { DatabaseView } from './view';

/** The Sentinels of a database, as its status has them. */
export interface SentinelsStatus {
  readonly count: number;
  /** How many answer and watch. */
  readonly watching: number;
  /** How many have to, for a failover. */
  readonly needed: number;
  /** One row each. */
  readonly nodes: readonly SentinelStatus[];
}

/** One Sentinel. */
export interface SentinelStatus {
  readonly name: string;
  readonly state: 'up' | 'down';
  /** What it lacks; '' where that is nothing. */
  readonly lacks: string;
}

/** Judges the Sentinels; undefined where there are none. */
export function judgeSentinels(config: AgentConfig, view: DatabaseView): SentinelsStatus | undefined {
  if (!config.sentinel || !view.sentinels) return undefined;
  return {
    count: view.sentinels.length,
    watching: watchersOf(view).length,
    needed: needed(config),
    nodes: view.sentinels.map((sentinel) => ({
      name: sentinel.name,
      state: sentinel.state === 'up' ? 'up' : 'down',
      lacks: whyNotWhole(sentinel, view) ?? '',
    })),
  };
}

/** What is to be said of them: without enough of them all is served, and a primary that fails now is not replaced. */
export function sentinelFindings(status: SentinelsStatus | undefined): Finding[] {
  if (!status) return [];
  const { count, watching, needed: least, nodes } = status;
  const few: Finding[] =
    watching < least
      ? [
          {
            health: 'Degraded',
            reason: `${watching} of ${count} Sentinels watch: a primary that fails is not replaced`,
          },
        ]
      : [];
  const lacking = nodes.filter(({ lacks }) => lacks !== '');
  return [...few, ...lacking.map(({ name, lacks }): Finding => ({ health: 'Degraded', reason: `${name} ${lacks}` }))];
}
