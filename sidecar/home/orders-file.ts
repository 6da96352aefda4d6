import * as z from 'zod';

import type { Orders } from '../edges';

const schema = z.object({ fenced: z.boolean(), paused: z.boolean() }) satisfies z.ZodType<Orders>;

/** What an agent has kept of what persons asked of it; undefined where there is nothing, or something else. */
export function parseOrders(text: string | undefined): Orders | undefined {
  try {
    return text === undefined ? undefined : schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
