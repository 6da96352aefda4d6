import type { LeaseRecord, Platform } from '../../sidecar/edges';
import type { Role } from '../../sidecar/view';
import { reach, type Host } from './network';
import type { Random } from './random';
import type { Tempo } from './tempo';

/** The Kubernetes API server: one record changed by compare-and-swap, and labels. */
export interface Api {
  /** The machine it runs on, which runs nothing else. */
  readonly host: Host;
  away: boolean;
  /** The agents' ServiceAccount has been deleted. */
  unauthorized: boolean;
  lease: LeaseRecord;
  readonly labels: Map<string, Role>;
}

/** Nobody holds the lease yet. */
export const createApi = (): Api => ({
  host: { name: 'api', zone: '', on: true, group: 0 },
  away: false,
  unauthorized: false,
  lease: { holder: '', version: '0', renewal: '0', durationMs: 0 },
  labels: new Map(),
});

/** How long a request that nobody answers takes to fail. Milliseconds. */
const boundMs = 5000;

/** The API as seen from a machine. */
export function createPlatform(api: Api, from: () => Host, tempo: Tempo, random: Random): Platform {
  let heard = false;

  /** An answer can be lost after the request was obeyed. */
  async function request<T>(obey: () => T): Promise<T> {
    await tempo.sleep(random.between(0.5, 5));
    await arrive();
    const answer = obey();
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
    readLease: () => request(() => api.lease),
    takeLease: (holder, durationMs, version) =>
      request(() => {
        if (api.lease.version !== version) return false;
        const next = String(Number(version) + 1);
        api.lease = { holder, durationMs, version: next, renewal: next };
        return true;
      }),
    labelRole: (node, role) => request(() => void api.labels.set(node, role)),
    disowned: () => Promise.resolve(heard),
    publishStatus: () => request(() => undefined),
    announce: () => request(() => undefined),
  };
}
