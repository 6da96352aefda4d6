import * as z from 'zod';

import type { DrainOrder } from './view-drain';

const schema = z.object({
  by: z.string(),
  shards: z.array(z.string()),
  /** RFC 3339. */
  until: z.iso.datetime(),
});

/** The order as text. It runs out by itself: whoever gave it may be gone. */
export const renderDrainOrder = ({ by, shards }: DrainOrder, forMs: number, now: Date): string =>
  JSON.stringify({ by, shards, until: new Date(now.getTime() + forMs).toISOString() });

/**
 * Machines' clocks have to agree to some seconds: one that is ahead sees the order end early, one that is behind late. Neither costs data.
 *
 * @returns undefined where there is none, its time is up, or the text is somebody else's
 */
export function parseDrainOrder(text: string | undefined, now: Date): DrainOrder | undefined {
  try {
    const { by, shards, until } = schema.parse(JSON.parse(text ?? ''));
    return new Date(until) > now ? { by, shards } : undefined;
  } catch {
    return undefined;
  }
}
