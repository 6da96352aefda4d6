import { existsSync, readFileSync, utimesSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';

import type { AgentConfig } from '../../lib/contract/agent-config';
import { paths } from '../../lib/contract/names';
import type { Identity, NodeHome } from '../edges';
import { mendClusterFile } from './cluster-file';
import { readDisk } from './disk';
import { renderNodeConfig } from './node-config';
import { ownNode } from '../own-node';
import { locate } from './paths';

/** The files between agent and server, below `home`. */
export function createNodeHome(home: string, identity: Identity, readConfig: () => AgentConfig): NodeHome {
  const at = (path: string) => locate(home, path);
  return {
    disk: () => readDisk(home, readConfig().persistence),
    async writeNodeConfig(config) {
      const { host } = ownNode(config, identity.node).node;
      const text = renderNodeConfig(config, { ip: identity.ip, host, passwords: await readPasswords(home, config) });
      await replaceFile(at(paths.nodeConfig), text);
    },
    // What is looked at all the time lies in memory, and is not worth a thread each.
    start: () =>
      Promise.resolve(existsSync(at(paths.start)) ? readFileSync(at(paths.start), 'utf8').trim() : undefined),
    async permit(start) {
      await mendClusterFile(at(`${paths.data}/nodes.conf`));
      await writeFile(at(paths.permit(start)), '');
    },
    stopping: () => Promise.resolve(existsSync(at(paths.stopping)) && touch(at(paths.stopping))),
    released: () => Promise.resolve(existsSync(at(paths.stopped))),
    release: () => writeFile(at(paths.stopped), ''),
  };
}

/** Makes a file as new as now. */
function touch(file: string): true {
  const now = new Date();
  utimesSync(file, now, now);
  return true;
}

async function readPasswords(home: string, config: AgentConfig) {
  if (config.auth === 'off') return {};
  const { agent, replication } = config.auth;
  const read = (file: string) => readFile(locate(home, file), 'utf8');
  return { client: await read(agent.passwordFile), replication: await read(replication.passwordFile) };
}

/** Readers see the old file or the new one, never half of it. */
async function replaceFile(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
