import * as z from 'zod';

import { recordSchema } from '../record';
import type { AgentReport } from '../view';

const slotRange = z.tuple([z.int(), z.int()]);

const role = z.enum(['primary', 'replica']);

const source = z.object({
  name: z.string(),
  port: z.int(),
  reason: z.string().optional(),
  offset: z.number().optional(),
  history: z.string().optional(),
  parting: z.enum(['asking', 'asked', 'over']).optional(),
});

const amount = z.object({ slots: z.number(), keys: z.number(), bytes: z.number() });

const progress = z.object({
  left: amount,
  moved: amount,
  slotsPerSecond: z.number(),
  bytesPerSecond: z.number(),
  secondsLeft: z.number().optional(),
});

/** An {@link AgentReport} as it comes over the wire. Unknown fields are ignored: the agents of a database are not all updated at once. */
const reportSchema = z.object({
  node: z.string(),
  id: z.string().optional(),
  server: z.enum(['held', 'up', 'loading', 'unknown']),
  leftovers: z.array(z.int()).optional(),
  ending: z.boolean(),
  shards: z.int().optional(),
  fenced: z.string().optional(),
  paused: z.string().optional(),
  serving: z.boolean().optional(),
  problem: z.string().optional(),
  warnings: z.array(z.string()).optional(),
  missingModules: z.array(z.string()).optional(),
  atStart: z.array(z.string()).optional(),
  disk: z.object({
    hasData: z.boolean(),
    cluster: z
      .object({
        id: z.string(),
        role,
        primaryId: z.string().optional(),
        configEpoch: z.number(),
        slots: z.array(slotRange),
        openSlots: z.array(z.string()).optional(),
      })
      .optional(),
    lastPrimary: z.object({ epoch: z.number(), primary: z.string(), source: z.string().optional() }).optional(),
    source: z.string().optional(),
    hasFiles: z.boolean().optional(),
    restore: z.object({ backup: z.string(), done: z.boolean() }).optional(),
  }),
  host: z.string(),
  zone: z.string(),
  record: recordSchema.optional(),
  primarySilentMs: z.number().optional(),
  source: source.optional(),
  restoring: z
    .object({
      asked: z.string(),
      backup: z.string().optional(),
      bytes: z.number().optional(),
      ofBytes: z.number().optional(),
      problem: z.string().optional(),
    })
    .optional(),
  moving: progress.optional(),
}) satisfies z.ZodType<AgentReport>;

/** Where the path of reports is: GET asks for one, POST pushes one. */
export const reportPath = '/v1/report';

/** @throws Error that says what is wrong with it */
export function parseReport(text: string): AgentReport {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new Error('the report is not JSON');
  }
  const { data, error } = reportSchema.safeParse(document);
  if (data) return data;
  const problems = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`the report is not understood: ${problems.join('; ')}`);
}
