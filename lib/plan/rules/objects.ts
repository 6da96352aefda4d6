import { keys, objectNames } from '../../contract/names';
import type { Change } from '../change';
import type { Database } from '../database';
import { differences, formatFields } from '../difference';
import { at, titleOf, type Manifest } from '../manifest';
import type { Rule } from './rule';

/** Fields that the API server lets nobody change, by kind. */
const immutable: Readonly<Record<string, RegExp>> = {
  RoleBinding: /^roleRef\b/,
  Job: /^spec\.(template|selector|completions|completionMode)\b/,
  Service: /^spec\.clusterIP\b/,
  Deployment: /^spec\.selector\b/,
  PersistentVolumeClaim: /^spec\.(?!resources\.requests)/,
};

interface Touched {
  readonly title: string;
  readonly kind: string;
  /** Down to the first entry of a list. */
  readonly fields: readonly string[];
}

/** Objects that stay and are not the same. StatefulSets, and what servers and agents are told, have rules of their own. */
export const changesObjects: Rule = (pair) => {
  const touched = [...pair.new.objects.values()].flatMap((manifest): Touched[] => {
    const other = pair.old.objects.get(titleOf(manifest));
    const fields = other ? changedFields(other, manifest, pair.new.name) : [];
    return fields.length > 0 ? [{ title: titleOf(manifest), kind: manifest.kind, fields }] : [];
  });
  return [...recreated(touched), ...applied(touched)];
};

function changedFields(old: Manifest, now: Manifest, database: string): string[] {
  const fields = differences(old, now)
    .map(({ path }) => formatFields(path.slice(0, firstIndex(path))))
    .filter((field) => !hasOwnRule(now, field, database));
  return [...new Set(fields)];
}

const firstIndex = (path: readonly string[]): number => {
  const index = path.findIndex((field) => /^\d+$/.test(field));
  return index < 0 ? path.length : index;
};

function hasOwnRule({ kind, metadata: { name } }: Manifest, field: string, database: string): boolean {
  const names = objectNames(database);
  if (kind === 'StatefulSet') return !field.startsWith('metadata.');
  if (kind !== 'ConfigMap' || !field.startsWith('data')) return false;
  return name === names.agentConfig || (name === names.serverConfig && field === `data.${keys.serverConfig}`);
}

function recreated(touched: readonly Touched[]): Change[] {
  return touched.flatMap(({ title, kind, fields }) => {
    const fixed = fields.filter((field) => immutable[kind]?.test(field));
    if (fixed.length === 0) return [];
    return [
      {
        effect: 'recreate' as const,
        what: `${title} can never change in ${fixed.join(', ')}`,
        notes: [
          'delete it, then apply; until then the API server refuses the new one. No server and no data depends on it',
        ],
        objects: [title],
      },
    ];
  });
}

/** The same field of many objects, as a label is, is one line. */
function applied(touched: readonly Touched[]): Change[] {
  const byFields = new Map<string, string[]>();
  for (const { title, kind, fields } of touched) {
    const free = fields.filter((field) => !immutable[kind]?.test(field)).join(', ');
    if (free !== '') byFields.set(free, [...(byFields.get(free) ?? []), title]);
  }
  return [...byFields].map(([fields, objects]) => ({ effect: 'live', what: `${fields} changes`, notes: [], objects }));
}

/** Agents read what they are told while they run. */
export const tellsAgents: Rule = ({ old, new: now }) => {
  const title = `ConfigMap ${objectNames(now.name).agentConfig}`;
  const [before, after] = [documentsOf(old.objects.get(title)), documentsOf(now.objects.get(title))];
  const fields = Object.keys(after).flatMap((key) =>
    key in before
      ? differences(before[key], after[key]).map(({ path }) => formatFields(path.slice(0, firstIndex(path))))
      : [key],
  );
  const because = [...new Set(fields)].filter((field) => !saidElsewhere.test(field));
  return because.length === 0 ? [] : [{ effect: 'live', what: 'agents are told and go on', because, notes: [] }];
};

const saidElsewhere =
  /^(engine|topology|shards|tls|auth|persistence|volumeBytes|state|fenced|primaries|replicaOf|sentinel\.nodes)\b/;

function documentsOf(manifest: Manifest | undefined): Readonly<Record<string, unknown>> {
  const data = (at(manifest, 'data') ?? {}) as Readonly<Record<string, string>>;
  return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, parse(text)]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Objects that come and go, but for those of a whole shard. */
export const addsAndRemovesObjects: Rule = (pair) => {
  const added = onlyIn(pair.new, pair.old);
  const removed = onlyIn(pair.old, pair.new);
  const missed = removed.filter(({ kind }) => kind in missedBy);
  const others = removed.filter(({ kind }) => !(kind in missedBy));
  return [
    ...(added.length > 0 ? [live('added', added)] : []),
    ...missed.map((manifest) => ({ ...missedBy[manifest.kind]!(titleOf(manifest)), objects: [titleOf(manifest)] })),
    ...(others.length > 0 ? [live('removed', others)] : []),
  ];
};

const live = (what: string, manifests: readonly Manifest[]): Change => ({
  effect: 'live',
  what,
  notes: [],
  objects: manifests.map(titleOf),
});

/** What somebody misses when it is gone. */
const missedBy: Readonly<Record<string, (title: string) => Change>> = {
  Service: (title) => ({ effect: 'remove', what: `${title} is removed: clients that use the name fail`, notes: [] }),
  CronJob: (title) => ({ effect: 'remove', what: `${title} is removed: it runs no more`, notes: [] }),
  Secret: (title) => ({ effect: 'refused', what: `${title} is removed: what is in it is lost`, notes: [] }),
  PersistentVolumeClaim: (title) => ({
    effect: 'refused',
    what: `${title} is removed: what is on it is lost`,
    notes: [],
  }),
  StatefulSet: (title) => ({ effect: 'remove', what: `${title} is removed: its pods end`, notes: ['volumes stay'] }),
};

/** Objects of one side, without those that belong to a shard or a node that only this side has. */
function onlyIn(side: Database, other: Database): Manifest[] {
  const owners = ownersOnlyIn(side, other);
  return [...side.objects].flatMap(([title, manifest]) =>
    other.objects.has(title) || owners.some((owner) => isPartOf(manifest, owner)) ? [] : [manifest],
  );
}

const isPartOf = ({ metadata: { name } }: Manifest, owner: string): boolean =>
  name === owner || name.startsWith(`${owner}-`);

/** Names of pods, and of the StatefulSets of whole shards. */
function ownersOnlyIn(side: Database, other: Database): string[] {
  const known = new Set(other.facts.shards.flatMap(({ pods }) => pods));
  const shards = side.facts.shards.filter(({ name }) => !other.facts.shards.some((shard) => shard.name === name));
  return [
    ...side.facts.shards.flatMap(({ pods }) => pods.filter((pod) => !known.has(pod))),
    ...shards.map(({ pods: [pod = ''] }) => pod.replace(/-\d+$/, '')),
  ];
}
