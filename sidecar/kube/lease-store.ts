import { annotations, objectNames } from '../../lib/contract/names';
import type { Platform } from '../edges';
import { hasStatus } from './api-error';
import { parseLease, renderLease, type Lease } from './lease';
import { ownedLease, type LeaseStoreOptions } from './owned-lease';

/** The database's Lease, changed by compare-and-swap. */
export function createLeaseStore(options: LeaseStoreOptions): Pick<Platform, 'readLease' | 'takeLease' | 'writePause'> {
  const { path, read } = ownedLease(options, objectNames(options.database).lease);
  let known: Lease | undefined;

  async function readLease(): Promise<Lease> {
    return (known = parseLease(await read()));
  }

  return {
    readLease,
    async writePause(paused) {
      await readLease();
      await options.client.patch(path, { metadata: { annotations: { [annotations.paused]: paused ? 'true' : null } } });
    },
    async takeLease(holder, durationMs, version) {
      const lease = known?.version === version ? known : await readLease();
      if (lease.version !== version) return false;
      try {
        known = parseLease(await options.client.patch(path, renderLease(lease, holder, durationMs, new Date())));
        return true;
      } catch (error) {
        if (hasStatus(error, 409)) return false;
        throw error;
      }
    },
  };
}
