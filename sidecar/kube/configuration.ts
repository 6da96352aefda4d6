import * as z from 'zod';

import { annotations, objectNames } from '../../lib/contract/names';
import type { Platform } from '../edges';
import { hasStatus } from './api-error';
import { ownedLease, type LeaseStoreOptions } from './owned-lease';

/** Pods that are told at the same time. */
const portion = 20;

/** The ConfigMaps that pods mount, and what the pods know of their versions. */
export function createConfiguration(
  options: LeaseStoreOptions,
): Pick<Platform, 'readConfiguration' | 'bringConfiguration'> {
  const { client, namespace, database } = options;
  const names = objectNames(database);
  const core = `/api/v1/namespaces/${namespace}`;
  const lease = ownedLease(options, names.lease);
  const about = async (path: string) => metadataSchema.parse(await client.metadata(path)).metadata;

  async function tell(node: string, version: string): Promise<void> {
    const change = { metadata: { annotations: { [annotations.configuration]: version } } };
    await client.patch(`${core}/pods/${node}`, change).catch((error: unknown) => {
      // It will have the newest when it is made.
      if (!hasStatus(error, 404)) throw error;
    });
  }

  return {
    async readConfiguration() {
      const maps = [names.agentConfig, names.serverConfig].map((name) => about(`${core}/configmaps/${name}`));
      const [office, ...versions] = await Promise.all([about(lease.path), ...maps]);
      const told = office.annotations[annotations.configuration];
      const version = versions.map(({ resourceVersion }) => resourceVersion).join('.');
      return { version, ...(told === undefined ? {} : { told }) };
    },
    async bringConfiguration(nodes, version) {
      for (let from = 0; from < nodes.length; from += portion) {
        await Promise.all(nodes.slice(from, from + portion).map((node) => tell(node, version)));
      }
      await client.patch(lease.path, { metadata: { annotations: { [annotations.configuration]: version } } });
    },
  };
}

const metadataSchema = z.object({
  metadata: z.object({ resourceVersion: z.string(), annotations: z.record(z.string(), z.string()).default({}) }),
});
