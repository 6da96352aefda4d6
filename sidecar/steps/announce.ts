import { isVersion } from './directives';
import type { NodeStep } from './step';

/**
 * Has the own server send clients to where they find it: to the name that it has inside the Kubernetes cluster, or to one outside. What it
 * says itself is compared, which is its name inside after every start.
 */
export const announce: NodeStep = ({ name, server, place }, { engine }) => {
  const self = server.state === 'up' ? server.cluster?.table.find(({ myself }) => myself) : undefined;
  if (!self || !place || server.state !== 'up' || !isVersion(server.version, engine.version)) return [];
  const { host, port, listens } = place;
  if (self.hostname === host && self.client === port) return [];
  return [{ do: 'announce', node: name, host, port: port === listens ? 0 : port }];
};
