import { formatBytes, parseQuantity } from '../../spec/quantity';
import type { Change } from '../change';
import type { Pair } from '../database';
import { differences, formatFields, type Difference } from '../difference';
import { at } from '../manifest';
import { keptSets, type NodeSet, type NodeSetPair } from '../sets';
import { count, refused, type Rule } from './rule';

/** The fields of a StatefulSet that the API server lets change; it refuses all others. */
const mutable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
  'revisionHistoryLimit',
];

const storage = 'spec.resources.requests.storage';

/** Claims of volumes, which a StatefulSet makes when it makes a pod and never again; the agents make volumes grow. */
export const changesVolumes: Rule = (pair) => {
  const sets = keptSets(pair.old, pair.new);
  const found = sets.flatMap(({ old, new: now }) =>
    claimDifferences({ old, new: now }).map((difference) => ({ set: now.name, change: judgeClaim(difference, pair) })),
  );
  return found.length > 0 ? groupSame(found) : growth(sets, pair);
};

/** What volumes are to have: the agents know, where that is more than what they are made with. */
function growth(sets: readonly NodeSetPair[], { old, new: now }: Pair): Change[] {
  const made = sets.flatMap((set) => claimedBytes(set.new) ?? []);
  if (made.length === 0) return [];
  const [before, after] = [old.facts.volumeBytes ?? made[0]!, now.facts.volumeBytes ?? made[0]!];
  if (before === after) return [];
  const sizes = `${formatBytes(before)} -> ${formatBytes(after)}`;
  if (after < before) return [shrinks(sizes)];
  const volumes = now.facts.shards.flatMap(({ pods }) => pods).length;
  return [
    {
      effect: 'volumes',
      what: `${count(volumes, 'volume')} grow ${sizes} while the servers go on`,
      notes: ['the StorageClass has to allow it, or nothing happens and the status says so'],
    },
  ];
}

function claimedBytes({ manifest }: NodeSet): number | undefined {
  const claims = at(manifest, 'spec', 'volumeClaimTemplates');
  const [claim] = Array.isArray(claims) ? (claims as unknown[]) : [];
  return parseQuantity(show(at(claim, ...storage.split('.'))));
}

const shrinks = (sizes: string): Change =>
  refused(`volumes shrink ${sizes}: Kubernetes only lets them grow`, 'keep the old size');

/** Everything else that a StatefulSet keeps for ever. */
export const keepsFixedFields: Rule = ({ old, new: now }) => {
  const found = keptSets(old, now).flatMap((sets) =>
    differences(at(sets.old.manifest, 'spec'), at(sets.new.manifest, 'spec'))
      .filter(({ path: [field] }) => field !== 'volumeClaimTemplates' && !mutable.includes(field!))
      .map(({ path }) => ({
        set: sets.new.name,
        change: refused(`${formatFields(['spec', ...path])} of a StatefulSet can never change`, orphan),
      })),
  );
  return groupSame(found);
};

const orphan =
  'the API server refuses the whole object; only "kubectl delete statefulset NAME --cascade=orphan" before it lets the new one in, and pods go on meanwhile';

const claimDifferences = ({ old, new: now }: NodeSetPair): Difference[] =>
  differences(
    at(old.manifest, 'spec', 'volumeClaimTemplates') ?? [],
    at(now.manifest, 'spec', 'volumeClaimTemplates') ?? [],
  );

function judgeClaim({ path, old, new: now }: Difference, { new: wanted }: Pair): Change {
  if (old === undefined && path.length <= 1) {
    return refused(
      'volumes for a database that had none: a StatefulSet can never get them',
      'make a database of another name beside this one and move clients to it',
    );
  }
  if (now === undefined && path.length <= 1) {
    return refused(
      `volumes are taken away${wanted.facts.persistent ? '' : ': data would be in memory only, and what is on them is not read again'}`,
      'make a database of another name beside this one and move clients to it',
    );
  }
  const field = formatFields(path.slice(1));
  if (field !== storage) return refused(`${field} of a claim (${show(old)} -> ${show(now)}) can never change`, orphan);
  const [before, after] = [parseQuantity(show(old)) ?? 0, parseQuantity(show(now)) ?? 0];
  if (after < before) return shrinks(`${show(old)} -> ${show(now)}`);
  return refused(
    `volumes grow ${show(old)} -> ${show(now)}, but a claim template can never change`,
    `say "initialSize: ${show(old)}" beside the new size, and the agents make the volumes grow`,
  );
}

const show = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? 'unset' : JSON.stringify(value);

/** What is the same for every shard is said once. */
function groupSame(found: readonly { readonly set: string; readonly change: Change }[]): Change[] {
  const groups = new Map<string, { change: Change; sets: string[] }>();
  for (const { set, change } of found) {
    const group = groups.get(change.what) ?? { change, sets: [] };
    if (!group.sets.includes(set)) group.sets.push(set);
    groups.set(change.what, group);
  }
  return [...groups.values()].map(({ change, sets }) => ({
    ...change,
    objects: sets.map((set) => `StatefulSet ${set}`),
  }));
}
