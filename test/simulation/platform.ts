import { objectNames } from '../../lib/contract/names';
import type { LeaseRecord, Platform } from '../../sidecar/edges';
import type { KubeClient } from '../../sidecar/kube/client';
import { createPrimaryStore } from '../../sidecar/kube/primary-store';
import { createMemoryApi } from '../sidecar/support/memory-api';
import type { Role } from '../../sidecar/view';
import type { DrainOrder } from '../../sidecar/view-drain';
import { reach, type Host } from './network';
import type { Random } from './random';
import type { Tempo } from './tempo';

/** The Kubernetes API server: two records changed by compare-and-swap, and labels. */
export interface Api {
  /** The machine it runs on, which runs nothing else. */
  readonly host: Host;
  away: boolean;
  /** The agents' ServiceAccount has been deleted. */
  unauthorized: boolean;
  lease: LeaseRecord;
  /** Holds the Lease that says who is primary, and stores no change that changes nothing. */
  readonly objects: KubeClient;
  paused: boolean;
  drain?: DrainOrder;
  readonly labels: Map<string, Role>;
  /** Nodes whose pods say that they are fenced. */
  readonly fenced: Set<string>;
}

const names = { namespace: 'test', database: 'db' };
const { primary: primaryName } = objectNames(names.database);
const primaryPath = `/apis/coordination.k8s.io/v1/namespaces/${names.namespace}/leases/${primaryName}`;

/** Nobody holds the lease yet. */
export const createApi = (): Api => ({
  host: { name: 'api', zone: '', on: true, group: 0 },
  away: false,
  unauthorized: false,
  lease: { holder: '', version: '0', renewal: '0', durationMs: 0 },
  objects: createMemoryApi({ [primaryPath]: { metadata: { resourceVersion: '0' } } }),
  paused: false,
  labels: new Map(),
  fenced: new Set(),
});

/** How long a request that nobody answers takes to fail. Milliseconds. */
const boundMs = 5000;

/** Nothing is rolled out here. */
const refuse = () => Promise.reject(new Error('there are no StatefulSets'));

/** The API as seen from a machine. */
export function createPlatform(api: Api, from: () => Host, tempo: Tempo, random: Random): Platform {
  let heard = false;

  const get = (path: string): Promise<unknown> => request(() => api.objects.get(path));
  /** A change can lie somewhere on its way, and arrive long after it was given up. */
  async function patch(path: string, change: object): Promise<unknown> {
    const obey = () => api.objects.patch(path, change);
    if (!random.chance(0.02)) return request(obey);
    void tempo
      .sleep(boundMs + random.between(0, 5000))
      .then(obey)
      .catch(() => undefined);
    await tempo.sleep(random.pick([20, boundMs]));
    throw new Error('the API does not answer');
  }

  /** An answer can be lost after the request was obeyed. */
  async function request<T>(obey: () => T): Promise<Awaited<T>> {
    await tempo.sleep(random.between(0.5, 5));
    await arrive();
    const answer = await obey();
    await tempo.sleep(random.between(0.5, 5));
    await arrive();
    return answer;
  }
  async function arrive(): Promise<void> {
    if (!reach(from(), api.host)) {
      await tempo.sleep(boundMs);
      throw new Error('the API does not answer');
    }
    if (api.away) throw new Error('the API refuses connections');
    heard = api.unauthorized;
    if (api.unauthorized) throw new Error('401 Unauthorized');
  }
  return {
    readLease: () =>
      request(() => ({
        ...api.lease,
        ...(api.paused ? { paused: true } : {}),
        ...(api.drain ? { drain: api.drain } : {}),
      })),
    writeDrain: (order) =>
      request(() => {
        if (order) api.drain = order;
        else delete api.drain;
        return true;
      }),
    writePause: (paused) => request(() => void (api.paused = paused)),
    takeLease: (holder, durationMs, version) =>
      request(() => {
        if (api.lease.version !== version) return false;
        const next = String(Number(version) + 1);
        api.lease = { holder, durationMs, version: next, renewal: next };
        return true;
      }),
    ...createPrimaryStore({ client: { ...api.objects, get, patch }, ...names }),
    labelRole: (node, role) => request(() => void api.labels.set(node, role)),
    disowned: () => Promise.resolve(heard),
    readSets: () => Promise.resolve(undefined),
    readOutside: () => Promise.resolve(undefined),
    setPartition: refuse,
    stopRollout: refuse,
    noteTemplate: refuse,
    renewAgent: refuse,
    adoptRevision: refuse,
    approve: refuse,
    deletePod: refuse,
    readConfiguration: () => Promise.resolve(undefined),
    bringConfiguration: refuse,
    readClaims: () => Promise.resolve([]),
    growVolume: refuse,
    readRole: (node) => request(() => api.labels.get(node)),
    readFence: (node) => request(() => api.fenced.has(node)),
    writeFence: (node, fenced) =>
      request(() => {
        if (fenced) api.fenced.add(node);
        else api.fenced.delete(node);
      }),
    publishStatus: () => request(() => undefined),
    announce: () => request(() => undefined),
  };
}
