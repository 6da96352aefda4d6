import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import type { AgentConfig } from '../../lib/contract/agent-config';
import { paths } from '../../lib/contract/names';
import { parseClusterNodes } from '../server/cluster-nodes';
import type { DiskView } from '../view';
import { locate } from './paths';
import { parseRestoreMarker } from './restore-marker';

/** What the volume holds, read while the server may or may not run. */
export async function readDisk(
  home: string,
  { persistence, restore: wanted }: Pick<AgentConfig, 'persistence' | 'restore'>,
): Promise<DiskView> {
  const data = locate(home, paths.data);
  const [hasData, nodes, last, source, brought] = await Promise.all([
    findData(data, persistence),
    readText(join(data, 'nodes.conf')),
    readText(locate(home, paths.lastPrimary)),
    readText(locate(home, paths.copiedSource)),
    wanted || existsSync(locate(home, paths.restore)) ? readBrought(home, data) : {},
  ]);
  const myself = parseClusterNodes(nodes).find((entry) => entry.myself);
  if (!myself) {
    return {
      hasData,
      ...brought,
      ...(last === '' ? {} : { lastPrimary: lastPrimary.parse(JSON.parse(last)) }),
      ...(source === '' ? {} : { source: source.trim() }),
    };
  }
  const { id, role, primaryId, configEpoch, slots, openSlots } = myself;
  return {
    hasData,
    ...brought,
    cluster: { id, role, ...(primaryId ? { primaryId } : {}), configEpoch, slots, openSlots },
  };
}

/** What matters where the database is to start from a backup, or was. What a drained node has goes aside when it starts. */
async function readBrought(home: string, data: string): Promise<Pick<DiskView, 'restore' | 'hasFiles'>> {
  const [text, ...kinds] = await Promise.all([
    readFile(locate(home, paths.restore), 'utf8').catch(whereMissing(undefined)),
    ...(['aof', 'rdb'] as const).map((persistence) => findData(data, persistence)),
  ]);
  const hasFiles = kinds.some(Boolean) && !existsSync(locate(home, paths.drained));
  return { hasFiles, ...(text === undefined ? {} : { restore: parseRestoreMarker(text) }) };
}

const lastPrimary = z.object({ epoch: z.number(), primary: z.string(), source: z.string().optional() });

/** Where the append-only file is on, a server loads that and nothing else, even beside a newer dump. */
async function findData(data: string, persistence: AgentConfig['persistence']): Promise<boolean> {
  const [files, log] = await Promise.all([listNames(data), listNames(join(data, 'appendonlydir'))]);
  if (persistence === 'aof') return log.some((name) => name.endsWith('.manifest')) || files.includes('appendonly.aof');
  return files.includes('dump.rdb');
}

/** For `catch`: this value where there is no such file. */
export const whereMissing =
  <T>(value: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };

const listNames = (folder: string): Promise<string[]> => readdir(folder).catch(whereMissing<string[]>([]));

const readText = (file: string): Promise<string> => readFile(file, 'utf8').catch(whereMissing(''));
