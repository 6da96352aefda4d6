import * as z from 'zod';

import type { PeerRequest } from '../edges';

const requestSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('look-again') }),
  z.object({ do: z.literal('hand-over'), to: z.string(), epoch: z.int() }),
]) satisfies z.ZodType<PeerRequest>;

/** Where the path of requests is: POST makes one. */
export const requestPath = '/v1/request';

/** @throws Error that says what is wrong with it */
export function parseRequest(text: string): PeerRequest {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new Error('the request is not JSON');
  }
  const { data, error } = requestSchema.safeParse(document);
  if (data) return data;
  throw new Error(`the request is not understood: ${error.issues.map(({ message }) => message).join('; ')}`);
}
