import * as z from 'zod';

import { claimName } from '../../lib/contract/names';
import { formatBytes, parseQuantity } from '../../lib/contract/quantity';
import type { Platform } from '../edges';
import type { ClaimView } from '../view-claims';
import type { KubeClient } from './client';
import { find } from './find';

/** The claims of a database's volumes. */
export function createClaims({
  client,
  namespace,
}: {
  readonly client: KubeClient;
  readonly namespace: string;
}): Pick<Platform, 'readClaims' | 'growVolume'> {
  const path = (node: string) => `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${claimName(node)}`;
  return {
    async readClaims(nodes) {
      const found = await Promise.all(nodes.map(async (node) => [node, await find(client, path(node))] as const));
      return found.flatMap(([node, claim]) => (claim === undefined ? [] : [parseClaim(node, claim)]));
    },
    async growVolume(node, bytes) {
      await client.patch(path(node), { spec: { resources: { requests: { storage: formatBytes(bytes) } } } });
    },
  };
}

const claimSchema = z.object({
  spec: z.object({ resources: z.object({ requests: z.object({ storage: z.string() }) }) }),
  status: z
    .object({
      capacity: z.object({ storage: z.string() }).optional(),
      conditions: z.array(z.object({ type: z.string(), message: z.string().optional() })).optional(),
    })
    .optional(),
});

function parseClaim(node: string, claim: unknown): ClaimView {
  const { spec, status } = claimSchema.parse(claim);
  const [condition] = status?.conditions ?? [];
  const says = condition && [condition.type, ...(condition.message ? [condition.message] : [])].join(': ');
  return {
    node,
    requested: parseQuantity(spec.resources.requests.storage) ?? 0,
    capacity: parseQuantity(status?.capacity?.storage ?? '') ?? 0,
    ...(says === undefined ? {} : { says }),
  };
}
