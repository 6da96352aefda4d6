import type { Figure } from '../figure';
import { sentinelClient } from '../load/clients';
import { startLoad } from '../load/load';
import { figuresOfRounds, measureRounds, printRounds, type Measured } from '../rounds';
import { ask } from '../shards';
import { untilReplicated, withReplicated, type Kind } from './database';
import { endpointsOf, loadReplicated } from './load';
import { master, startSentinelAlone } from './sentinel-alone';

/** How often a pod ends with agents, and how often Sentinels alone are asked for another primary, which takes them seconds. */
const [rounds, aloneRounds] = [21, 7];

/** Longest time a pod may take to end. Milliseconds. */
const graceMs = 60_000;

/** Time until a node that says nothing counts as lost, as users have it. Milliseconds. */
const detectionMs = 5000;

/** Pods of primaries that end while clients write, against `SENTINEL FAILOVER` of servers that all go on running. */
export async function handoverReplication(): Promise<readonly Figure[]> {
  printRounds('Sentinels alone, SENTINEL FAILOVER', await measureAlone());
  const figures: Figure[] = [];
  for (const kind of ['replication', 'sentinel'] as const) {
    const ours = await measureOurs(kind);
    printRounds(`${kind}, a primary pod ends`, ours);
    figures.push(...figuresOfRounds(`handover-${kind}`, ours));
  }
  return figures;
}

async function measureAlone(): Promise<Measured> {
  const alone = await startSentinelAlone(detectionMs);
  try {
    await alone.untilWhole();
    const load = startLoad(sentinelClient(endpointsOf(alone.sentinels), master, {}));
    return await measureRounds(load, aloneRounds, async () => {
      const primary = await alone.untilWhole();
      await ask(alone.sentinels[0]!, {}, 'SENTINEL', 'FAILOVER', master);
      while ((await alone.untilWhole()) === primary);
    });
  } finally {
    await alone.end();
  }
}

const measureOurs = (kind: Kind): Promise<Measured> =>
  withReplicated(kind, detectionMs, async (database) => {
    await untilReplicated(database);
    return measureRounds(await loadReplicated(database), rounds, async () => {
      const { primary } = await untilReplicated(database);
      await database.pod(primary).end(graceMs);
      await database.start(primary);
      await untilReplicated(database);
    });
  });
