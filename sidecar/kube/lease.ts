import * as z from 'zod';

import { annotations } from '../../lib/contract/names';
import { parseDrainOrder } from '../drain-order';
import type { LeaseRecord } from '../edges';

/** The part of a Lease that is ours; all of `spec` is missing before the first holder. */
const leaseSchema = z.object({
  metadata: z.object({ resourceVersion: z.string(), annotations: z.record(z.string(), z.string()).default({}) }),
  spec: z
    .object({
      holderIdentity: z.string().nullish(),
      leaseDurationSeconds: z.number().nullish(),
      renewTime: z.string().nullish(),
      leaseTransitions: z.number().nullish(),
    })
    .nullish(),
});

/** Whose lease it is. */
export interface LeaseOwner {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The status ConfigMap, which is in Git: the lease goes when it goes. */
  readonly owner: { readonly name: string; readonly uid: string };
}

/** A lease that nobody has held yet. */
export const newLease = ({ name, namespace, labels, owner }: LeaseOwner): object => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name, namespace, labels, ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', ...owner }] },
});

/** A {@link LeaseRecord}, and how often the holder has changed. */
export interface Lease extends LeaseRecord {
  readonly transitions: number;
}

/**
 * Reads what the API answered.
 *
 * @param now for the end of an order to drain
 */
export function parseLease(object: unknown, now: Date): Lease {
  const { metadata, spec } = leaseSchema.parse(object);
  const drain = parseDrainOrder(metadata.annotations[annotations.drain], now);
  return {
    holder: spec?.holderIdentity ?? '',
    version: metadata.resourceVersion,
    renewal: spec?.renewTime ?? '',
    durationMs: (spec?.leaseDurationSeconds ?? 0) * 1000,
    ...(metadata.annotations[annotations.paused] === 'true' ? { paused: true as const } : {}),
    ...(drain ? { drain } : {}),
    transitions: spec?.leaseTransitions ?? 0,
  };
}

/**
 * The merge patch that takes, renews or (`holder` '') gives up a lease, valid only for the version it was made from.
 * Fields mean what client-go makes them mean, so that people and tools can read them.
 *
 * @param now for readers only: no decision is made from it
 */
export function renderLease(lease: Lease, holder: string, durationMs: number, now: Date): object {
  const taken = holder !== '' && holder !== lease.holder;
  const time = microTime(now);
  return {
    metadata: { resourceVersion: lease.version },
    spec: {
      holderIdentity: holder,
      leaseDurationSeconds: Math.max(1, Math.ceil(durationMs / 1000)),
      renewTime: time,
      ...(taken ? { acquireTime: time, leaseTransitions: lease.transitions + (lease.renewal === '' ? 0 : 1) } : {}),
    },
  };
}

/** Kubernetes' MicroTime wants all six digits. */
const microTime = (date: Date): string => date.toISOString().replace('Z', '000Z');
