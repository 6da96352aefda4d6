import type { LeaseRecord } from '../edges';
import { judge } from '../health';
import { createClaimObserver } from '../observe-claims';
import { createDatabaseObserver } from '../observe';
import { createSetObserver } from '../observe-sets';
import { whyPaused } from '../pause';
import { renderStatus } from '../status/table';
import { wire } from '../wire';

/**
 * Looks at the database once, from where it stands, and prints what it saw; needs no coordinator, and the API only to say how a roll-out goes, and whether it is paused.
 *
 * @returns 0 where every slot is served, 1 where the database is `Critical`
 */
export async function printStatus(env: NodeJS.ProcessEnv, options: { readonly json?: boolean }): Promise<number> {
  const wiring = await wire(env);
  const config = wiring.config.current;
  const addSets = createSetObserver({ ...wiring, config });
  const addClaims = createClaimObserver({ ...wiring, config });
  const view = await addClaims(await addSets(await createDatabaseObserver({ ...wiring, config }).observe()));
  // What the API cannot say now is not worth an error: the rest is true.
  const lease: Partial<LeaseRecord> = await wiring.platform.readLease().catch(() => ({}));
  const paused = whyPaused(config(), lease);
  const asked = { ...(paused === undefined ? {} : { paused }), ...(lease.drain ? { drain: lease.drain } : {}) };
  const status = judge(config(), { ...view, ...asked });
  process.stdout.write(options.json ? JSON.stringify(status, null, 2) + '\n' : renderStatus(status));
  wiring.close();
  return status.health === 'Critical' ? 1 : 0;
}
