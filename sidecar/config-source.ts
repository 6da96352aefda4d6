import { readFile, readdir } from 'node:fs/promises';

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
export async function openConfig(home: string): Promise<ConfigSource> {
  const folder = locate(home, paths.agentConfig);
  let texts = await readAll(folder);
  let config = parseAgentConfig((key) => texts.get(key));
  let lookedAt = performance.now();
  return {
    current: () => config,
    async refresh() {
      if (performance.now() - lookedAt < lookEveryMs) return;
      lookedAt = performance.now();
      const now = await readAll(folder);
      if ([...now].every(([key, text]) => texts.get(key) === text)) return;
      texts = now;
      config = parseAgentConfig((key) => now.get(key));
    },
  };
}

/** Files only: a mounted ConfigMap keeps its own bookkeeping beside them, in names that begin with two dots. */
async function readAll(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('..'));
  const entries = names.map(async (name) => [name, await readFile(`${folder}/${name}`, 'utf8')] as const);
  return new Map(await Promise.all(entries));
}
