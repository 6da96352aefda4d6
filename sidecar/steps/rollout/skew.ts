import { cannotLoad } from '../../../lib/contract/data-format';
import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { Engine } from '../../../lib/contract/engines';
import type { SetView } from '../../view-sets';
import type { DatabaseView, ServerUp } from '../../view';
import { outdatedPods } from './sets';

/**
 * Why no pod of a set may become what its template says by now: its servers would not load what a primary that is to be replaced has
 * written. A replica of the new version would never get in sync with it, and in its place it would not start.
 */
export function whySkewed(set: SetView, view: DatabaseView, config: AgentConfig): string | undefined {
  const next: Engine = { name: config.engine.name, version: set.template?.serverVersion ?? config.engine.version };
  const loads = set.replicas > 1 || config.persistence !== 'off';
  const outdated = new Set(outdatedPods(set).map(({ name }) => name));
  const writers = view.nodes.flatMap(({ name, server }) =>
    outdated.has(name) && server.state === 'up' && server.role === 'primary' ? [runningEngine(server, config)] : [],
  );
  const writer = writers.find((engine) => cannotLoad(next, engine));
  if (!loads || !writer) return undefined;
  return `${format(next)} cannot load what ${format(writer)} has written, from a volume or as its replica`;
}

/** Valkey says what it is, and only Redis and KeyDB do not: which of them it is, the configuration knows. */
function runningEngine({ engine, version }: ServerUp, config: AgentConfig): Engine {
  const [major = '', minor = ''] = version.split('.');
  const other = config.engine.name === 'valkey' ? 'redis' : config.engine.name;
  return { name: engine ?? other, version: `${major}.${minor}` };
}

const format = ({ name, version }: Engine): string => `${name} ${version}`;
