import { randomUUID } from 'node:crypto';

import * as z from 'zod';

import { annotations, objectNames } from '../../lib/contract/names';
import type { Platform, StoredPrimary } from '../edges';
import { nobody, parseRecord } from '../record';
import type { PrimaryRecord } from '../view';
import { hasStatus } from './api-error';
import { ownedLease, type LeaseStoreOptions } from './owned-lease';

const schema = z.object({
  metadata: z.object({ resourceVersion: z.string(), annotations: z.record(z.string(), z.string()).default({}) }),
});

/**
 * Who is primary, as a Lease of its own: `kubectl get lease` shows the primary as its holder. It is not renewed, and changed by
 * compare-and-swap. The API server reads it from a majority of its stores, so that what is read is not older than the question.
 */
export function createPrimaryStore(options: LeaseStoreOptions): Pick<Platform, 'readPrimary' | 'writePrimary'> {
  const { path, read } = ownedLease(options, objectNames(options.database).primary);
  return {
    readPrimary: async () => parse(await read()),
    async writePrimary(record, version) {
      try {
        return parse(await options.client.patch(path, render(record, version))).version;
      } catch (error) {
        if (hasStatus(error, 409)) return undefined;
        throw error;
      }
    },
  };
}

function parse(object: unknown): StoredPrimary {
  const { metadata } = schema.parse(object);
  const text = metadata.annotations[annotations.primaryRecord];
  return { record: text === undefined ? nobody : parseRecord(text), version: metadata.resourceVersion };
}

/** A change that changes nothing is not stored, and leaves the version as it is: https://github.com/kubernetes/kubernetes/issues/20897 */
const render = (record: PrimaryRecord, version: string): object => ({
  metadata: {
    resourceVersion: version,
    annotations: {
      [annotations.primaryRecord]: JSON.stringify(record),
      [annotations.primaryChange]: randomUUID(),
    },
  },
  spec: { holderIdentity: record.primary, leaseTransitions: record.epoch },
});
