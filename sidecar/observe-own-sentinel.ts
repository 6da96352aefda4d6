import type { AgentConfig } from '../lib/contract/agent-config';
import type { Clock, Identity, NodeHome, Sentinels } from './edges';
import type { DatabaseObserver } from './observe';
import { ownNode } from './own-node';
import { ghostsOf, isStray } from './steps/sentinel/watch';
import { createStopwatch } from './stopwatch';
import type { Address, AgentReport, OwnSentinelView, SentinelView } from './view';

/** What it takes to look at the Sentinel beside an agent. */
export interface OwnSentinelSources {
  readonly config: () => AgentConfig;
  readonly identity: Identity;
  readonly home: NodeHome;
  readonly sentinels: Sentinels;
  readonly ownAddress: () => Promise<Address>;
  readonly database: DatabaseObserver;
  readonly clock: Clock;
}

/** Looks at the own Sentinel and at the database, and remembers since when something has been so. */
export interface OwnSentinelObserver {
  readonly observe: () => Promise<OwnSentinelView>;
  /** The last view, without a new look. */
  readonly last: () => OwnSentinelView | undefined;
  /** When the last look was complete, by the clock of the sources. */
  readonly lookedAt: () => number;
  readonly report: () => AgentReport;
  readonly gavePermit: (start: string) => void;
}

/** One observer an agent. */
export function createOwnSentinelObserver(sources: OwnSentinelSources): OwnSentinelObserver {
  const { clock, identity, home, database } = sources;
  const [ending, haunted, stray] = [createStopwatch(), createStopwatch(), createStopwatch()];
  let permitted: string | undefined;
  let last: OwnSentinelView | undefined;
  let lookedAt = clock.now();

  async function observe(): Promise<OwnSentinelView> {
    const [look, accounts, start, stopping, released, seen] = await Promise.all([
      lookAtOwn(sources),
      home.accounts(),
      home.start(),
      home.stopping(),
      home.released(),
      database.observe(),
    ]);
    const own: SentinelView = { ...seen.sentinels!.find(({ name }) => name === identity.node)!, ...look };
    if (own.state === 'up') permitted = undefined;
    const now = clock.now();
    last = {
      name: identity.node,
      own,
      accounts,
      ...(start === undefined ? {} : { start }),
      permitted: start !== undefined && start === permitted,
      stopping,
      stoppingMs: ending(stopping, now),
      released,
      ghostsMs: haunted(ghostsOf(own, seen).length > 0, now),
      strayMs: stray(isStray(own, seen), now),
      paused: seen.nodes.some(({ agent }) => agent?.paused !== undefined),
      database: seen,
    };
    lookedAt = now;
    return last;
  }

  return {
    observe,
    last: () => last,
    lookedAt: () => lookedAt,
    report: () => reportOf(last, identity),
    gavePermit: (start) => void (permitted = start),
  };
}

/** Over the address of the pod itself: no name has to be resolved. */
async function lookAtOwn({ config, identity, sentinels, ownAddress }: OwnSentinelSources) {
  return sentinels.of(ownNode(config(), identity.node).node, await ownAddress()).look();
}

function reportOf(last: OwnSentinelView | undefined, { node, host, zone }: Identity): AgentReport {
  const server =
    last === undefined ? 'unknown' : ({ up: 'up', absent: 'held', unreachable: 'unknown' } as const)[last.own.state];
  return { node, server, ending: last?.stopping === true, disk: { hasData: false }, host, zone };
}
