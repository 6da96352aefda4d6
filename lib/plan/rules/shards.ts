import { slotCount } from '../../contract/slot-count';
import { parseQuantity, formatBytes } from '../../contract/quantity';
import type { Change } from '../change';
import type { Database, Pair } from '../database';
import type { ShardFacts } from '../facts';
import { deletesVolumes } from '../sets';
import { estimateMoves } from '../slots';
import { count, type Rule } from './rule';

const names = (shards: readonly ShardFacts[]): string[] => shards.map(({ name }) => name);
const without = (shards: readonly ShardFacts[], others: readonly ShardFacts[]): ShardFacts[] =>
  shards.filter(({ name }) => !names(others).includes(name));

/** Shards that come or go: slots move to where they stay, before anything ends. */
export const movesSlots: Rule = (pair) => {
  const { old, new: now } = pair;
  const added = without(now.facts.shards, old.facts.shards);
  const removed = without(old.facts.shards, now.facts.shards);
  if (now.facts.topology !== 'cluster' || added.length + removed.length === 0) return [];
  const moves = estimateMoves(names(old.facts.shards), names(now.facts.shards));
  const slots = moves.reduce((sum, move) => sum + move.slots, 0);
  const share = Math.round((slots / slotCount) * 100);
  return [
    {
      effect: 'move',
      what: `${count(old.facts.shards.length, 'shard')} -> ${now.facts.shards.length}: about ${slots} of ${slotCount} slots move (${share} % of the keys)`,
      because: [
        ...names(added).map((name) => `${name} is added`),
        ...names(removed).map((name) => `${name} is removed`),
      ],
      notes: [
        'an estimate, with slots evenly spread; the agents plan from where they find them. Keys can be used while they move',
        ...(removed.length > 0 ? whatRemovalMeans(pair) : []),
      ],
      moves,
    },
  ];
};

const whatRemovalMeans = (pair: Pair): string[] => [
  `a shard that leaves is emptied before its pods end${volumesAfter(pair.old, 'whenDeleted', '; its ')}`,
  room(pair),
];

function volumesAfter(database: Database, when: 'whenDeleted' | 'whenScaled', before = ''): string {
  if (!database.facts.persistent) return '';
  return `${before}volumes ${deletesVolumes(database, when) ? 'are deleted' : 'stay'}`;
}

/** What all shards may hold together, by the servers' own limit; undefined where one has none. */
function capacity({ directives, facts }: Database): number | undefined {
  const limit = parseQuantity(directives.get('maxmemory') ?? '');
  return limit === undefined ? undefined : limit * facts.shards.length;
}

function room({ old, new: now }: Pair): string {
  const [before, after] = [capacity(old), capacity(now)];
  if (before === undefined || after === undefined)
    return 'whether the other shards have room depends on what they hold';
  if (after >= before) return 'the other shards have room for all that the old ones may hold';
  return `the other shards may hold ${formatBytes(after)} of the ${formatBytes(before)} before: without room for what is there, the shard does not leave`;
}

/** Nodes of shards that stay. */
export const changesReplicas: Rule = ({ old, new: now }) => {
  const before = new Map(old.facts.shards.map((shard) => [shard.name, shard]));
  const kept = now.facts.shards.flatMap((shard) => {
    const other = before.get(shard.name);
    return other ? [{ old: other, new: shard }] : [];
  });
  const added = kept.flatMap((shard) => shard.new.pods.filter((pod) => !shard.old.pods.includes(pod)));
  const removed = kept.flatMap((shard) => shard.old.pods.filter((pod) => !shard.new.pods.includes(pod)));
  const alone = kept.some((shard) => shard.new.pods.length === 1 && shard.old.pods.length > 1);
  const notes = [
    volumesAfter(now, 'whenScaled'),
    alone ? 'nothing takes over when a shard of one node loses it' : '',
  ].filter((note) => note !== '');
  return [
    ...(added.length > 0 ? [nodesAdded(added)] : []),
    ...(removed.length > 0 ? [nodesRemoved(removed, notes)] : []),
  ];
};

const podsOf = (names: readonly string[]): string[] => names.map((pod) => `Pod ${pod}`);

const nodesAdded = (pods: readonly string[]): Change => ({
  effect: 'move',
  what: `${count(pods.length, 'node')} added, and a copy of its shard's data goes to each`,
  notes: [],
  objects: podsOf(pods),
});

const nodesRemoved = (pods: readonly string[], notes: readonly string[]): Change => ({
  effect: 'restart',
  what: `${count(pods.length, 'node')} removed; one that is a primary hands over first`,
  notes,
  objects: podsOf(pods),
});
