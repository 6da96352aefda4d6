import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AgentConfig } from '../../lib/contract/agent-config';
import { renderAgentConfig } from '../../lib/contract/render-agent-config';
import { paths } from '../../lib/contract/names';
import { locate } from '../../sidecar/home/paths';
import { publishAddress } from '../../sidecar/local/address-book';
import { layout } from '../../sidecar/local/layout';
import { agentBundle, examplePlan } from './example';
import type { Place } from './formed';
import { endProcess } from './servers';

/**
 * Starts the agents beside servers that run already.
 *
 * @param contract the example's unless told
 * @returns what ends them
 */
export async function startAgents(
  places: readonly Place[],
  contract: AgentConfig = examplePlan().config,
): Promise<() => Promise<void>> {
  const config: AgentConfig = { ...contract, auth: 'off', tls: 'off' };
  const root = await mkdtemp(join(tmpdir(), 'keyspace-bench-'));
  const names = config.shards.flatMap((shard) => shard.nodes.map((node) => node.name));
  await Promise.all(names.map((name, index) => furnish(root, name, places[index]!, config)));
  const processes = names.map((name, index) => {
    const env = {
      ...process.env,
      POD_NAME: name,
      POD_IP: places[index]!.ip,
      KEYSPACE_HOME: layout.home(root, name),
      KEYSPACE_LOCAL: root,
    };
    return spawn(agentBundle(), ['agent'], { stdio: 'ignore', env });
  });
  return async () => {
    await Promise.all(processes.map(endProcess));
    await rm(root, { recursive: true });
  };
}

/** What an agent finds in its pod. */
async function furnish(root: string, name: string, place: Place, config: AgentConfig): Promise<void> {
  const home = layout.home(root, name);
  for (const folder of [paths.agentConfig, paths.run, paths.data])
    await mkdir(locate(home, folder), { recursive: true });
  for (const [key, text] of Object.entries(renderAgentConfig(config))) {
    await writeFile(join(locate(home, paths.agentConfig), key), text);
  }
  await publishAddress(root, name, place);
}
