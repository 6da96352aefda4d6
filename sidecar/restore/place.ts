import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { AgentConfig } from '../../lib/contract/agent-config';
import { can } from '../../lib/contract/engines';
import { replaceDurably, syncFolder } from '../home/durable';

/** Base of an append-only file, and the only part that it has: https://valkey.io/topics/persistence/ */
const base = 'appendonly.aof.1.base.rdb';

/**
 * Gives a snapshot the name under which the server loads it. It has that name, or is nothing to the server: the rename, or the manifest, comes last.
 *
 * With the append-only file on, a server loads that and ignores a dump, also where there is none: the snapshot is its base then.
 *
 * @param draft the file, on the same volume
 * @param data the server's folder
 */
export async function placeSnapshot(
  draft: string,
  data: string,
  { engine, persistence }: Pick<AgentConfig, 'engine' | 'persistence'>,
): Promise<void> {
  if (persistence !== 'aof') await rename(draft, join(data, 'dump.rdb'));
  else if (can(engine, 'multiPartAof')) await placeBase(draft, join(data, 'appendonlydir'));
  else await rename(draft, join(data, 'appendonly.aof'));
  await syncFolder(data);
}

async function placeBase(draft: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(draft, join(folder, base));
  await syncFolder(folder);
  await replaceDurably(join(folder, 'appendonly.aof.manifest'), `file ${base} seq 1 type b\n`);
}

/** Takes away what {@link placeSnapshot} has placed, on a volume where no server has started since. */
export async function removePlaced(data: string): Promise<void> {
  for (const name of ['appendonlydir', 'appendonly.aof', 'dump.rdb']) {
    await rm(join(data, name), { recursive: true, force: true });
  }
  await syncFolder(data);
}
