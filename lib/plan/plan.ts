import { worst, type Change, type DatabasePlan, type Plan } from './change';
import { databasesOf, PlanError, type Database, type Pair } from './database';
import { ownManifests } from './manifest';
import { changesEncryption, changesPassword } from './rules/access';
import { changesVolumes, keepsFixedFields } from './rules/claims';
import { leavesDirectives, setsDirectives } from './rules/directives';
import { changesEngine, changesTopology } from './rules/engine';
import { addsAndRemovesObjects, changesObjects, tellsAgents } from './rules/objects';
import { appears, disappears } from './rules/presence';
import { replacesAgents, replacesPods, resizesOthers } from './rules/restarts';
import type { Rule } from './rules/rule';
import { changesReplicas, movesSlots } from './rules/shards';
import { asksForPrimaries, changesState, fencesNodes, followsElsewhere } from './rules/wishes';

/** In the order in which a reader wants to know. */
const rules: readonly Rule[] = [
  changesEngine,
  changesEncryption,
  changesPassword,
  followsElsewhere,
  changesVolumes,
  keepsFixedFields,
  changesState,
  fencesNodes,
  asksForPrimaries,
  movesSlots,
  changesReplicas,
  replacesPods,
  resizesOthers,
  setsDirectives,
  leavesDirectives,
  replacesAgents,
  tellsAgents,
  changesObjects,
  addsAndRemovesObjects,
];

/**
 * Says what applying new manifests over old ones does to the databases that run. Knows the manifests only: what depends
 * on the state of a database, such as who is primary and where slots are, is said so.
 *
 * @param old parsed YAML documents of one side; those of others are passed over
 * @throws PlanError where a side cannot be read
 */
export function planChanges(old: readonly unknown[], now: readonly unknown[]): Plan {
  const [before, after] = [databasesOf(ownManifests(old)), databasesOf(ownManifests(now))];
  if (before.size + after.size === 0) throw new PlanError('no database on either side');
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort();
  const databases = ids.map((id) => planDatabase(before.get(id), after.get(id)));
  return { effect: worst(databases.map(({ effect }) => effect)), databases };
}

function planDatabase(old: Database | undefined, now: Database | undefined): DatabasePlan {
  const { namespace, name } = (now ?? old)!;
  const changes = old && now ? changesOf({ old, new: now }) : now ? [appears(now)] : [disappears(old!)];
  return { namespace, name, effect: worst(changes.map(({ effect }) => effect)), changes };
}

/** With another topology no other question has an answer. */
function changesOf(pair: Pair): readonly Change[] {
  const another = changesTopology(pair);
  return another.length > 0 ? another : rules.flatMap((rule) => rule(pair));
}
