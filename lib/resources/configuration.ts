import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import type { AgentConfig } from '../contract/agent-config';
import { renderAgentConfig } from '../contract/render-agent-config';
import { keys, objectNames } from '../contract/names';
import { objectMeta, type Family } from './metadata';

/** What the Sentinels' configuration file begins with. */
export function sentinelConfigMap(family: Family, text: string): k8s.KubeConfigMapProps {
  return {
    metadata: objectMeta(family, objectNames(family.database).sentinelConfig, 'configuration'),
    data: { [keys.sentinelConfig]: text },
  };
}

/** The servers' configuration file. */
export function serverConfigMap(family: Family, text: string): k8s.KubeConfigMapProps {
  return {
    metadata: objectMeta(family, objectNames(family.database).serverConfig, 'configuration'),
    data: { [keys.serverConfig]: text },
  };
}

/** The agents' document. Agents read it live, so it keeps its name and a change of it replaces no pod. */
export function agentConfigMap(family: Family, config: AgentConfig): k8s.KubeConfigMapProps {
  return {
    metadata: objectMeta(family, objectNames(family.database).agentConfig, 'configuration'),
    data: renderAgentConfig(config),
  };
}
