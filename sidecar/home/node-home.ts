import { existsSync, readFileSync, utimesSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';

import type { AgentConfig } from '../../lib/contract/agent-config';
import { paths } from '../../lib/contract/names';
import type { Identity, NodeHome } from '../edges';
import { ownNode } from '../own-node';
import { replicationUserOf } from '../replication-user';
import { mendClusterFile } from './cluster-file';
import { readDisk } from './disk';
import { exporterPassword } from './exporter-access';
import { renderNodeConfig } from './node-config';
import { locate } from './paths';
import { replaceFile } from './replace-file';

/** The files between agent and server, below `home`. */
export function createNodeHome(home: string, identity: Identity, readConfig: () => AgentConfig): NodeHome {
  const at = (path: string) => locate(home, path);
  return {
    disk: () => readDisk(home, readConfig().persistence),
    async writeNodeConfig(config) {
      const passwords = await readPasswords(home, config);
      const facts = {
        ip: identity.ip,
        host: ownNode(config, identity.node).node.host,
        replicationUser: replicationUserOf(identity.node, config),
        ...(passwords ? { passwords } : {}),
      };
      await replaceFile(at(paths.nodeConfig), renderNodeConfig(config, facts));
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
  if (config.auth === 'off') return undefined;
  const { agent, replication } = config.auth;
  const read = (file: string) => readFile(locate(home, file), 'utf8');
  const exporter = await exporterPassword(home, config);
  return {
    client: await read(agent.passwordFile),
    replication: await read(replication.passwordFile),
    ...(exporter === undefined ? {} : { exporter }),
  };
}
