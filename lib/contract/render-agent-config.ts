import type { AgentConfig } from './agent-config';
import { keys } from './names';

/** Number of the newest schema of the document; a changed meaning gets a new one, an added field does not. */
export const newestSchema = 1;

/** The data of the ConfigMap that carries the document: one key for each schema that is still read. */
export function renderAgentConfig(config: AgentConfig): Record<string, string> {
  return { [keys.agentConfig(newestSchema)]: JSON.stringify(config, null, 2) + '\n' };
}
