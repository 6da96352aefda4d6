import { credentialsOf } from '../../../sidecar/local/client';
import type { LocalDatabase } from '../../../sidecar/local/supervisor';
import type { Place } from '../formed';
import { plainClient, sentinelClient } from '../load/clients';
import { startLoad, type Load } from '../load/load';
import { startLeader } from './leader';

/** Sixteen writers, who find the primary as users do: through the Service that leads to it, or by asking the Sentinels. */
export async function loadReplicated(database: LocalDatabase): Promise<Load> {
  const credentials = credentialsOf(database);
  const { sentinel } = database.plan.config;
  if (sentinel) {
    const places = sentinel.nodes.map(({ name }) => database.pod(name).address);
    return startLoad(sentinelClient(endpointsOf(places), sentinel.master, credentials));
  }
  const leader = await startLeader(database);
  const load = startLoad(plainClient({ ...credentials, host: '127.0.0.1', port: leader.port }));
  return { ...load, end: () => load.end().finally(leader.close) };
}

/** As a client is told of them. */
export const endpointsOf = (places: readonly Place[]) => places.map(({ ip, client }) => ({ host: ip, port: client }));
