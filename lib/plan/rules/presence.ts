import type { Change } from '../change';
import type { Database } from '../database';
import type { Facts } from '../facts';
import { count, refused } from './rule';

/** A database that only the new side has. */
export const appears = ({ facts, objects }: Database): Change => ({
  effect: 'create',
  what: `a new database: ${shapeOf(facts)}`,
  notes: [],
  objects: [...objects.keys()],
});

/** A database that only the old side has. */
export const disappears = ({ facts, objects }: Database): Change => ({
  ...refused(
    `the database is removed: ${shapeOf(facts)}`,
    facts.persistent
      ? 'its volumes stay, and are deleted by hand; the same manifests bring it back with its data'
      : 'its data is in memory only, and lost',
  ),
  objects: [...objects.keys()],
});

/** `valkey 8.1, cluster of 3 shards and 6 nodes` */
function shapeOf({ engine, topology, shards }: Facts): string {
  const nodes = count(shards.flatMap(({ pods }) => pods).length, 'node');
  const size = topology === 'cluster' ? `${count(shards.length, 'shard')} and ${nodes}` : nodes;
  return `${engine.name} ${engine.version}, ${topology} of ${size}`;
}
