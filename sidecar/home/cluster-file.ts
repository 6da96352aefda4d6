import { readFile, rename, writeFile } from 'node:fs/promises';

import type { Address } from '../view';
import { whereMissing } from './disk';

/**
 * Gives every replica in a `nodes.conf` the shard id of its primary.
 *
 * A node learns the shard id of another's new replica seconds after the rest. When it is killed before, it leaves a file that
 * it refuses to load for ever: "corrupted cluster config file" (Redis 7, and Valkey 7.2 to 8.1:
 * https://github.com/valkey-io/valkey/issues/2171). Later versions do the same as this while they load it.
 */
export function alignShardIds(text: string): string {
  const lines = text.split('\n');
  const shardIds = new Map(
    lines.flatMap((line) => {
      const [id = '', place = ''] = line.split(' ');
      const shardId = /,shard-id=([\da-f]+)/.exec(place)?.[1];
      return shardId === undefined ? [] : [[id, shardId]];
    }),
  );
  const align = (line: string): string => {
    const primaryId = line.split(' ')[3] ?? '';
    const shardId = shardIds.get(primaryId);
    return shardId === undefined ? line : line.replace(/(?<=,shard-id=)[\da-f]+/, shardId);
  };
  return lines.map(align).join('\n');
}

/**
 * Takes from every other node in a `nodes.conf` an address that is this node's own by now. Otherwise the server would connect to
 * itself, and to its own message "I am a primary", sent a moment before it became a replica, it would listen as to another's:
 * it then copies as a replica, calls itself a primary without slots, and refuses every `CLUSTER REPLICATE`.
 *
 * Where the other node really is, it says itself, or whoever introduces it.
 */
export function disownAddress(text: string, { ip, client, bus }: Pick<Address, 'ip' | 'client' | 'bus'>): string {
  const own = `${ip}:${client}@${bus}`;
  const disown = (line: string): string => {
    const [id = '', place = '', flags = '', ...rest] = line.split(' ');
    const [where, ...more] = place.split(',');
    if (where !== own || flags.split(',').includes('myself')) return line;
    return [id, [':0@0', ...more].join(','), `${flags},noaddr`, ...rest].join(' ');
  };
  return text.split('\n').map(disown).join('\n');
}

/** {@link alignShardIds} and {@link disownAddress} for a file, where there is one. Only while no server runs on it. */
export async function mendClusterFile(file: string, own: Pick<Address, 'ip' | 'client' | 'bus'>): Promise<void> {
  const text = await readFile(file, 'utf8').catch(whereMissing(''));
  const mended = disownAddress(alignShardIds(text), own);
  if (mended === text) return;
  await writeFile(`${file}.mended`, mended);
  await rename(`${file}.mended`, file);
}
