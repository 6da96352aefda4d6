import { setTimeout as delay } from 'node:timers/promises';

import { untilReplicated, withReplicated, type Kind } from './database';
import { loadReplicated } from './load';

/** Time until a node that says nothing counts as lost, as users have it. Milliseconds. */
const detectionMs = 5000;

/** How long the primary does nothing, and how long it does something in between. Milliseconds. */
const [stallMs, betweenMs] = [2000, 1000];

/** How long it is put through that. Seconds. */
const seconds = Number(process.env.KEYSPACE_STALL_SECONDS ?? 60);

/** How often a primary is replaced that stalls for two seconds again and again, under sixteen writers; and whether a write was lost meanwhile. */
export const countFalseFailovers = (kind: Kind): Promise<number> =>
  withReplicated(kind, detectionMs, async (database) => {
    let { primary } = await untilReplicated(database);
    const load = await loadReplicated(database);
    let [failovers, stalls] = [0, 0];
    const ends = performance.now() + seconds * 1000;
    while (performance.now() < ends) {
      await delay(betweenMs);
      const { server } = database.pod(primary);
      server.pause();
      await delay(stallMs).finally(() => server.resume());
      stalls++;
      const now = (await untilReplicated(database)).primary;
      if (now !== primary) failovers++;
      primary = now;
    }
    await load.readBack();
    const { acknowledged, lost, longestMs } = load.felt();
    await load.end();
    console.log(
      `${kind}, stalls of ${stallMs} ms      ${failovers} failovers in ${stalls}; of ${acknowledged} writes ${lost} lost, longest ${longestMs.toFixed(0)} ms`,
    );
    return failovers + lost;
  });
