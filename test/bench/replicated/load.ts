import { credentialsOf } from '../../../sidecar/local/client';
import type { LocalDatabase } from '../../../sidecar/local/supervisor';
import { plainClient } from '../load/clients';
import { startLoad, type Load } from '../load/load';
import { startLeader } from './leader';

/** Sixteen writers, who find the primary as users do: through the Service that leads to it, or by asking the Sentinels. */
export async function loadReplicated(database: LocalDatabase): Promise<Load> {
  const credentials = credentialsOf(database);
  const { sentinel } = database.plan.config;
  if (sentinel) {
    const sentinels = sentinel.nodes.map(({ name }) => {
      const { ip, client } = database.pod(name).address;
      return { host: ip, port: client };
    });
    const { username: sentinelUsername, password: sentinelPassword } = credentials;
    const asked = { sentinels, name: sentinel.master, sentinelUsername, sentinelPassword };
    return startLoad(plainClient({ ...credentials, ...asked, failoverDetector: true }));
  }
  const leader = await startLeader(database);
  const load = startLoad(plainClient({ ...credentials, host: '127.0.0.1', port: leader.port }));
  return { ...load, end: () => load.end().finally(leader.close) };
}
