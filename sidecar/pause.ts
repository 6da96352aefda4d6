import type { AgentConfig } from '../lib/contract/agent-config';

/** Why the agents of a database are to do nothing; undefined where they may. */
export function whyPaused({ state }: AgentConfig, { paused }: { readonly paused?: boolean }): string | undefined {
  if (state === 'paused') return 'the spec says so';
  return paused ? 'until: keyspace resume' : undefined;
}
