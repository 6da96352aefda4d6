import { existsSync, utimesSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';

import { paths } from '../../lib/contract/names';
import type { NodeHome } from '../edges';
import type { Address } from '../view';
import { isSentinel } from '../own-node';
import { mendClusterFile } from './cluster-file';
import { renderStartRole } from './node-config';
import { replaceFile } from './replace-file';
import { readDisk } from './disk';
import { readMemoryFile } from './memory-file';
import { createNodeFiles, type NodeFilesOptions } from './node-files';
import { setAside } from './set-aside';
import { locate } from './paths';
import { removeRestoreMarker } from './restore-marker';
import { parseOrders } from './orders-file';
import { createServerDirectives } from './server-directives';

/** Whose files they are, and what is written into them. */
export interface NodeHomeOptions extends NodeFilesOptions {
  /** Where the own server listens. */
  readonly ownAddress: () => Promise<Address>;
}

/** The files between agent and server, below `home`. */
export function createNodeHome(home: string, options: NodeHomeOptions): NodeHome {
  const { identity, ownAddress, config } = options;
  const at = (path: string) => locate(home, path);
  const { starts, ...directives } = createServerDirectives(home, config, identity.node);
  return {
    ...directives,
    ...createNodeFiles(home, options),
    disk: () => readDisk(home, config()),
    // What is looked at all the time lies in memory, and is not worth a thread each.
    start: () => Promise.resolve(readMemoryFile(at(paths.start))?.trim()),
    async permit(start, anew) {
      if (anew) await writeFile(at(paths.drained), '');
      await setAside(home);
      await removeRestoreMarker(home);
      await mendClusterFile(at(`${paths.data}/nodes.conf`), await ownAddress());
      if (!isSentinel(config(), identity.node)) await starts();
      await writeFile(at(paths.permit(start)), '');
    },
    writeStartRole: (role) => replaceFile(at(paths.startRole), renderStartRole(role)),
    rememberPrimary: ({ epoch, primary, source }) =>
      replaceFile(at(paths.lastPrimary), `${JSON.stringify({ epoch, primary, source })}\n`),
    rememberSource: (source) =>
      source === undefined
        ? rm(at(paths.copiedSource), { force: true })
        : replaceFile(at(paths.copiedSource), `${source}\n`),
    rememberOrders: (orders) => replaceFile(at(paths.orders), `${JSON.stringify(orders)}\n`),
    recallOrders: () => Promise.resolve(parseOrders(readMemoryFile(at(paths.orders)))),
    stopping: () => Promise.resolve(existsSync(at(paths.stopping)) && touch(at(paths.stopping))),
    released: () => Promise.resolve(existsSync(at(paths.stopped))),
    async release(drained) {
      if (drained) await writeFile(at(paths.drained), '');
      await writeFile(at(paths.stopped), '');
    },
  };
}

/** Makes a file as new as now. */
function touch(file: string): true {
  const now = new Date();
  utimesSync(file, now, now);
  return true;
}
