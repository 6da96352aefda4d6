import type { AgentConfig } from '../lib/contract/agent-config';
import { hasRecord } from '../lib/contract/engines';

/** What the engine has where nothing is said. */
const usual = 100;

/** `replica-priority` of a node: the lower the sooner it is chosen, and 0 never. */
export const priorityOf = ({ replicaPriorities = {} }: Pick<AgentConfig, 'replicaPriorities'>, name: string): number =>
  replicaPriorities[name] ?? usual;

/** The directive of a node whose server may be chosen; undefined where no server of the topology ever is by that. */
export const priorityDirective = (
  config: AgentConfig,
  name: string,
): readonly [name: string, value: string] | undefined =>
  hasRecord(config.topology) ? ['replica-priority', `${priorityOf(config, name)}`] : undefined;
