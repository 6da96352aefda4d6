import * as z from 'zod';

import { objectNames } from '../../lib/contract/names';
import type { Platform } from '../edges';
import type { KubeClient } from './client';
import { find } from './find';

const serviceSchema = z.object({
  spec: z.object({ ports: z.array(z.object({ nodePort: z.int().optional() })).min(1) }),
  status: z
    .object({
      loadBalancer: z
        .object({
          ingress: z.array(z.object({ ip: z.string().optional(), hostname: z.string().optional() })).optional(),
        })
        .optional(),
    })
    .optional(),
});

const podSchema = z.object({ status: z.object({ hostIP: z.string().optional() }) });

/** The ways from outside to the nodes of a database. */
export function createOutsideServices({
  client,
  namespace,
  database,
}: {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly database: string;
}): Pick<Platform, 'readOutside'> {
  const core = `/api/v1/namespaces/${namespace}`;
  return {
    async readOutside(node) {
      const service = await find(client, `${core}/services/${objectNames(database).externalService(node)}`);
      if (service === undefined) return { found: false };
      const { spec, status } = serviceSchema.parse(service);
      const { nodePort } = spec.ports[0]!;
      const [ingress] = status?.loadBalancer?.ingress ?? [];
      const balancer = ingress?.hostname ?? ingress?.ip;
      const machine = podSchema.safeParse(await client.get(`${core}/pods/${node}`)).data?.status.hostIP;
      return {
        found: true,
        ...(nodePort === undefined ? {} : { nodePort }),
        ...(balancer === undefined ? {} : { balancer }),
        ...(machine === undefined ? {} : { machine }),
      };
    },
  };
}
