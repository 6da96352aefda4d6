import { annotations, objectNames } from '../../lib/contract/names';
import { renderDrainOrder } from '../drain-order';
import type { Platform } from '../edges';
import { hasStatus } from './api-error';
import { parseLease, renderLease, type Lease } from './lease';
import { ownedLease, type LeaseStoreOptions } from './owned-lease';

type LeaseMethods = 'readLease' | 'takeLease' | 'writePause' | 'writeDrain';

/** The database's Lease, changed by compare-and-swap. */
export function createLeaseStore(options: LeaseStoreOptions): Pick<Platform, LeaseMethods> {
  const { path, read } = ownedLease(options, objectNames(options.database).lease);
  let known: Lease | undefined;

  async function readLease(): Promise<Lease> {
    return (known = parseLease(await read(), new Date()));
  }

  return {
    readLease,
    async writePause(paused) {
      await readLease();
      await options.client.patch(path, { metadata: { annotations: { [annotations.paused]: paused ? 'true' : null } } });
    },
    async writeDrain(order, forMs = 0) {
      const text = order ? renderDrainOrder(order, forMs, new Date()) : null;
      try {
        // Unread: who asks needs no right to make one.
        await options.client.patch(path, { metadata: { annotations: { [annotations.drain]: text } } });
        return true;
      } catch (error) {
        if (hasStatus(error, 404)) return false;
        throw error;
      }
    },
    async takeLease(holder, durationMs, version) {
      const lease = known?.version === version ? known : await readLease();
      if (lease.version !== version) return false;
      try {
        const now = new Date();
        known = parseLease(await options.client.patch(path, renderLease(lease, holder, durationMs, now)), now);
        return true;
      } catch (error) {
        if (hasStatus(error, 409)) return false;
        throw error;
      }
    },
  };
}
