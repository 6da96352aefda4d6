import type { Change } from '../change';
import type { Database } from '../database';
import type { Facts } from '../facts';
import { deletesVolumes } from '../sets';
import { count, refused } from './rule';

/** A database that only the new side has. */
export const appears = ({ facts, objects }: Database): Change => ({
  effect: 'create',
  what: `a new database: ${shapeOf(facts)}`,
  notes: [],
  objects: [...objects.keys()],
});

/** A database that only the old side has. */
export const disappears = (database: Database): Change => ({
  ...refused(`the database is removed: ${shapeOf(database.facts)}`, whatStays(database)),
  objects: [...database.objects.keys()],
});

function whatStays(database: Database): string {
  if (!database.facts.persistent) return 'its data is in memory only, and lost';
  return deletesVolumes(database, 'whenDeleted')
    ? 'its volumes are deleted with it, and its data is lost'
    : 'its volumes stay, and are deleted by hand; the same manifests bring it back with its data';
}

/** `valkey 8.1, cluster of 3 shards and 6 nodes` */
function shapeOf({ engine, topology, shards }: Facts): string {
  const nodes = count(shards.flatMap(({ pods }) => pods).length, 'node');
  const size = topology === 'cluster' ? `${count(shards.length, 'shard')} and ${nodes}` : nodes;
  return `${engine.name} ${engine.version}, ${topology} of ${size}`;
}
