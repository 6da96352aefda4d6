import { watchAcknowledgements } from './acknowledgements';
import type { TestDatabase } from './database';
import { tell } from './progress';
import { shard } from './replicated';

/** Something that ends with another primary, or with the same one. */
export interface Case {
  readonly what: string;
  readonly happen: (database: TestDatabase, primary: string) => Promise<unknown>;
  /** Whether another takes over; where it is missing, either may be. */
  readonly moves?: boolean;
  /** Longest time without a write. Milliseconds. */
  readonly boundMs: number;
}

/** Waits until another node is the primary. */
export const untilReplaced = (database: TestDatabase, primary: string) =>
  database.until('a replica has taken over', async () => (await database.primaryOf(shard)) !== primary);

/** Puts a database through cases, one after the other, under writes. */
export async function goThrough(label: string, database: TestDatabase, chosen: readonly Case[]): Promise<void> {
  for (const { what, happen, moves, boundMs } of chosen) {
    const primary = await database.primaryOf(shard);
    const recording = await database.record();
    await database.until('there are writes', () => recording.confirmed() >= 500);
    const acknowledgements = watchAcknowledgements(database);
    await database.until('its writes are acknowledged', () => acknowledgements.nodes().length > 0);
    await happen(database, primary);
    if (moves) await untilReplaced(database, primary);
    await database.untilHealthy();
    await recording.verify();
    await acknowledgements.stop();
    const silentMs = Math.round(acknowledgements.longestSilenceMs());
    tell(`${label}: ${what}: no write for ${silentMs} ms`);
    const after = await database.primaryOf(shard);
    // Nobody takes a write after its successor has taken one.
    const nodes = acknowledgements.nodes();
    expect([what, ...nodes]).toEqual([what, ...new Set(nodes)]);
    expect([what, nodes.at(-1)]).toEqual([what, after]);
    expect([what, after !== primary]).toEqual([what, moves ?? after !== primary]);
    expect(silentMs).toBeLessThan(boundMs);
  }
}
