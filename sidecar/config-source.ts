import { readdirSync, readFileSync } from 'node:fs';

import { parseAgentConfig, type AgentConfig } from '../lib/contract/agent-config';
import { paths } from '../lib/contract/names';
import { locate } from './home/paths';

/** The agent's document, as mounted and as it changes. */
export interface ConfigSource {
  readonly current: () => AgentConfig;
  /** Reads the files again. Rejects, once, where a new document is not understood; the last good one stays. */
  readonly refresh: () => Promise<void>;
}

/** The kubelet needs up to a minute to bring a change; there is no hurry to see it. Milliseconds. */
const lookEveryMs = 5000;

/** Reads the document once; rejects where it is missing or not understood. */
// eslint-disable-next-line @typescript-eslint/require-await -- whatever is thrown is a rejection
export async function openConfig(home: string): Promise<ConfigSource> {
  const folder = locate(home, paths.agentConfig);
  let texts = readAll(folder);
  let config = parseAgentConfig((key) => texts.get(key));
  let lookedAt = performance.now();
  return {
    current: () => config,
    // eslint-disable-next-line @typescript-eslint/require-await -- whatever is thrown is a rejection
    async refresh() {
      // Whoever has taken "replicaOf" out of the spec has clients waiting.
      if (!config.replicaOf && performance.now() - lookedAt < lookEveryMs) return;
      lookedAt = performance.now();
      const now = readAll(folder);
      if ([...now].every(([key, text]) => texts.get(key) === text)) return;
      texts = now;
      config = parseAgentConfig((key) => now.get(key));
    },
  };
}

/**
 * Files only: a mounted ConfigMap keeps its own bookkeeping beside them, in names that begin with two dots. They are few and read
 * often, and not worth a thread each.
 */
function readAll(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder).filter((name) => !name.startsWith('..'));
  return new Map(names.map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')] as const));
}
