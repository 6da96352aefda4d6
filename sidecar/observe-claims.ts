import type { AgentConfig } from '../lib/contract/agent-config';
import type { Clock, Log, Platform } from './edges';
import type { ClaimView } from './view-claims';
import type { DatabaseView } from './view';

/** What it takes to look at the claims. */
export interface ClaimSources {
  readonly config: () => AgentConfig;
  readonly platform: Pick<Platform, 'readClaims'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Adds to a view of the database how large its volumes are. */
export type ClaimObserver = (view: DatabaseView) => Promise<DatabaseView>;

/** How long a look is good for, while a volume grows and else: a node that is added brings a claim of the first size. Milliseconds. */
const goodForMs = { growing: 10_000, calm: 300_000 } as const;

/** One observer a coordinator. Looks only where the spec asks for more than the claims were made with. */
export function createClaimObserver({ config, platform, clock, log }: ClaimSources): ClaimObserver {
  let seen: { readonly at: number; readonly wanted: number; readonly claims: readonly ClaimView[] } | undefined;

  async function look(wanted: number): Promise<readonly ClaimView[] | undefined> {
    const growing = seen?.claims.some(({ capacity }) => capacity < wanted);
    const boundMs = goodForMs[growing ? 'growing' : 'calm'];
    if (seen?.wanted === wanted && clock.now() - seen.at < boundMs) return seen.claims;
    const nodes = config().shards.flatMap((shard) => shard.nodes.map(({ name }) => name));
    const claims = await platform.readClaims(nodes).catch((error: unknown) => {
      log.debug({ error }, 'the claims of the volumes cannot be looked at');
      return undefined;
    });
    seen = claims && { at: clock.now(), wanted, claims };
    return claims;
  }

  return async (view) => {
    const { volumeBytes } = config();
    const claims = volumeBytes === undefined ? undefined : await look(volumeBytes);
    return claims ? { ...view, claims } : view;
  };
}
