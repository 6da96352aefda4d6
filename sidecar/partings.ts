import type { AgentConfig } from '../lib/contract/agent-config';
import type { Clock, Identity, Platform } from './edges';
import { createLeftovers, type Leftovers } from './leftovers';
import { everyone, isForsaken } from './steps/slots/everyone';
import { createStopwatch } from './stopwatch';
import type { AgentReport, DatabaseView, OwnView, ServerView } from './view';

/** Who parts, and from whom. */
export interface PartingSources {
  readonly platform: Pick<Platform, 'disowned'>;
  readonly identity: Identity;
  readonly config: () => AgentConfig;
  readonly clock: Clock;
}

/** What a node sees of the others when it may be about to part from them. */
export interface Partings {
  /** The server is about to start on this volume. */
  readonly start: Leftovers['expect'];
  /** What it came back with that is no longer its own, and whether its database is gone. */
  readonly look: (server: ServerView, now: number) => Promise<Pick<OwnView, 'leftovers' | 'disowned'>>;
  /** A node whose shard leaves is looked after like any other until it is gone, also where nobody has heard of it yet. */
  readonly see: (
    view: OwnView,
    report: AgentReport,
    others: DatabaseView,
  ) => Required<Pick<OwnView, 'database'>> & Pick<OwnView, 'forsakenMs'>;
}

/** One an agent: it remembers for how long nobody has been left who stays. */
export function createPartings({ identity, config, clock, platform }: PartingSources): Partings {
  const forsaken = createStopwatch();
  const leftovers = createLeftovers();
  return {
    start: leftovers.expect,
    look: async (server, now) => ({ ...leftovers.look(server, now), disowned: await platform.disowned() }),
    see({ name, shard, server, stopping }, agent, view) {
      if (config().topology !== 'cluster') return { database: view };
      const others = everyone(view);
      const self = { name, shard, server, ending: stopping, address: { ip: identity.ip, ...config().ports }, agent };
      const known = others.nodes.some((node) => node.name === name);
      const database = known ? others : { ...others, nodes: [...others.nodes, self] };
      const alone = stopping && isForsaken(shard, database, config());
      const forsakenMs = forsaken(alone, clock.now());
      return { database, ...(alone ? { forsakenMs } : {}) };
    },
  };
}
