import { parseQuantity } from '../../spec/quantity';
import type { Change } from '../change';
import type { Pair } from '../database';
import { differences, formatFields, type Difference } from '../difference';
import { at } from '../manifest';
import { keptSets, type NodeSetPair } from '../sets';
import { refused, type Rule } from './rule';

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

/** Claims of volumes, which a StatefulSet makes when it makes a pod and never again. */
export const changesVolumes: Rule = (pair) => {
  const found = keptSets(pair.old, pair.new).flatMap((sets) =>
    claimDifferences(sets).map((difference) => ({ set: sets.new.name, change: judgeClaim(difference, pair) })),
  );
  return groupSame(found);
};

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
  return after < before
    ? refused(`volumes shrink ${show(old)} -> ${show(now)}: Kubernetes only lets them grow`, 'keep the old size')
    : refused(`volumes grow ${show(old)} -> ${show(now)} in the claim template, which can never change`, orphan);
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
