import { createAgent } from '../agent';
import { version } from '../../lib/contract/version';
import { createCoordinator } from '../coordinator';
import { exporterPassword } from '../home/exporter-access';
import { metricsRoutes, probeRoutes, route } from '../http/routes';
import { serve } from '../http/server';
import { createMetrics } from '../metrics';
import { createSentinelMetrics } from '../metrics-sentinel';
import { createGuard } from '../peer/guard';
import { peerRoutes } from '../peer/routes';
import { isSentinel } from '../own-node';
import { createSentinelAgent } from '../sentinel-agent';
import { wire, type Wiring } from '../wire';

/**
 * The process beside a server: runs until the signal is aborted.
 *
 * @throws Error where it cannot begin: no configuration, no identity, no port
 */
export async function runAgent(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const wiring = await wire(env);
  if (isSentinel(wiring.config.current(), wiring.identity.node)) return runBesideSentinel(wiring, signal);
  const { certificate, clock, config, identity, keys, log, ownAddress, platform } = wiring;
  const { tls } = config.current();
  // The exporter waits for it, and a server may be held for days.
  await exporterPassword(env.KEYSPACE_HOME ?? '', config.current());
  // A pod's name alone can be alive twice, after a forced deletion on a machine that was cut off.
  const holder = `${identity.node}@${identity.ip}`;
  const coordinator = createCoordinator({ platform, clock, log, holder, seen: (lease) => agent.saw(lease) });
  const { leading, onLeading } = coordinator;
  const { database } = config.current();
  const metrics = createMetrics({ database, node: identity.node, version, leading });
  const agent = createAgent({ ...wiring, leading, onLeading, observed: (pass) => metrics.observe(pass) });
  const certifiedOnly = tls !== 'off' && tls.clientCertificates === 'required';
  const guard = createGuard({ node: identity.node, keys, certifiedOnly });
  const handler = route({
    ...probeRoutes(agent),
    ...metricsRoutes(metrics),
    ...peerRoutes({ guard, report: agent.report, heard: agent.heard, requested: agent.requested, log }),
  });
  const { agent: port } = await ownAddress();
  const server = await serve({ port, handler, log, ...(certificate ? { certificate } : {}) });
  log.info({ port }, 'the agent is up');

  const office = new AbortController();
  const term = coordinator.run(office.signal);
  await agent.run(signal);
  // Given up only now, when nothing that was done in that role is still on its way.
  office.abort();
  await Promise.all([term, server.close()]);
  wiring.close();
}

/** The same beside a Sentinel: it takes no part in the election of who acts for the database, and asks the API for nothing. */
async function runBesideSentinel(wiring: Wiring, signal: AbortSignal): Promise<void> {
  const { certificate, config, identity, keys, log, ownAddress } = wiring;
  const { tls } = config.current();
  const metrics = createSentinelMetrics({ database: config.current().database, node: identity.node, version });
  const agent = createSentinelAgent({ ...wiring, observed: metrics.observe });
  const certifiedOnly = tls !== 'off' && tls.clientCertificates === 'required';
  const guard = createGuard({ node: identity.node, keys, certifiedOnly });
  const { report, heard } = agent;
  const handler = route({
    ...probeRoutes(agent),
    ...metricsRoutes(metrics),
    ...peerRoutes({ guard, report, heard, requested: () => undefined, log }),
  });
  const { agent: port } = await ownAddress();
  const server = await serve({ port, handler, log, ...(certificate ? { certificate } : {}) });
  log.info({ port }, 'the agent is up');
  await agent.run(signal);
  await server.close();
  wiring.close();
}
