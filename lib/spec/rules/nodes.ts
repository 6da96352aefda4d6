import type { ShardConfig } from '../../contract/agent-config';
import type { SoundFields } from '../kinds';
import { quote } from '../problems';
import type { SpecProblem } from '../spec-error';

interface NamedNode {
  readonly path: SpecProblem['path'];
  readonly name: string;
}

/** Every node that the spec names, and where. */
function namedNodes(fields: SoundFields): NamedNode[] {
  const listed = (field: 'fenced' | 'primaries') =>
    (fields[field] ?? []).map((name, index) => ({ path: [field, index], name }));
  const single = (field: 'primary' | 'preferredWriter') => {
    const name = fields[field];
    return name === undefined ? [] : [{ path: [field], name }];
  };
  const keys = Object.keys(fields.replicaPriorities ?? {}).map((name) => ({ path: ['replicaPriorities', name], name }));
  return [...listed('fenced'), ...listed('primaries'), ...single('primary'), ...single('preferredWriter'), ...keys];
}

/** Nobody, or not who is wished for, could ever be primary. */
export function priorityProblems(
  { replicaPriorities = {}, primary }: SoundFields,
  shards: readonly ShardConfig[],
): SpecProblem[] {
  const isNever = (name: string) => replicaPriorities[name] === 0;
  if (primary !== undefined && isNever(primary)) {
    const message = `must not be 0, got 0 for ${quote(primary)}, which "primary" wants as the primary`;
    return [{ path: ['replicaPriorities', primary], message }];
  }
  if (!shards.flatMap(({ nodes }) => nodes).every(({ name }) => isNever(name))) return [];
  return [{ path: ['replicaPriorities'], message: 'must leave a node that may be primary, got 0 for every node' }];
}

/** Nodes that the spec names and does not have, or names for what cannot be. */
export function nodeProblems(fields: SoundFields, shards: readonly ShardConfig[]): SpecProblem[] {
  const shardOf = new Map(shards.flatMap((shard) => shard.nodes.map((node) => [node.name, shard.name] as const)));
  const [first] = shardOf.keys();
  const [last] = [...shardOf.keys()].slice(-1);
  const fenced = new Set(fields.fenced);
  const taken = new Set<string>();
  return namedNodes(fields).flatMap(({ path, name }): SpecProblem[] => {
    const shard = shardOf.get(name);
    if (shard === undefined) {
      return [{ path, message: `must be a node of this database, "${first}" to "${last}", got ${quote(name)}` }];
    }
    if (path[0] === 'fenced' || path[0] === 'replicaPriorities') return [];
    if (fenced.has(name)) return [{ path, message: `must not be fenced, got ${quote(name)}, which "fenced" has too` }];
    if (path[0] !== 'primaries') return [];
    const second = taken.has(shard);
    taken.add(shard);
    return second ? [{ path, message: `must be the only one of its shard, got ${quote(name)}` }] : [];
  });
}
