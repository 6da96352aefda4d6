import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { BesideSentinel } from '../../action';
import type { DatabaseView, NodeView, OwnSentinelView, PrimaryRecord, SentinelView } from '../../view';
import { copiesFrom, isAt, nodeOf, placeOf, running } from '../replication/copies';
import { newestRecord } from '../replication/newest-record';
import { epochAfter, isChanging, isPromoted, spokesman, watchersOf } from './choice';

/** Decides one thing about the own Sentinel, as {@link NodeStep}. */
export type SentinelStep = (view: OwnSentinelView, config: AgentConfig) => readonly BesideSentinel[];

const wait = (why: string): readonly BesideSentinel[] => [{ do: 'wait', why }];

/** How long a Sentinel that leads a failover keeps its pod waiting. Milliseconds. */
const leadsForMs = 10_000;

/** A pod that ends is let go, in the middle of a failover after that. */
export const endSentinel: SentinelStep = ({ name, stopping, stoppingMs, released, own }) => {
  if (!stopping) return [];
  if (released) return wait('ending');
  if (own.watch?.changing === true && stoppingMs < leadsForMs) return wait('ending: it carries a failover out');
  return [{ do: 'release', node: name, why: 'the other Sentinels watch' }];
};

/** A Sentinel starts with nothing but its passwords: the others and the agents tell it the rest. */
export const permitSentinel: SentinelStep = ({ name, own, start, permitted, accounts }) => {
  if (own.state !== 'absent' || permitted || start === undefined) return [];
  if (accounts.state === 'unclear') return wait(`held: ${accounts.reason}`);
  return [{ do: 'permit', node: name, start, why: 'it knows whom to let in' }];
};

/** Who is let in, and as whom it signs in. */
export const sentinelAccounts: SentinelStep = ({ name, own, accounts }) =>
  own.state === 'up' && accounts.state === 'changed' ? [{ do: 'set-accounts', node: name }] : [];

/** Has the own Sentinel watch the primary of the record, once that is one. */
export const monitor: SentinelStep = ({ name, own, database }) => {
  if (own.state !== 'up' || own.watch) return [];
  const primary = provenPrimary(database);
  if (!primary) return wait('nobody is primary yet');
  return [{ do: 'monitor', node: name, primary: primary.name, at: placeOf(primary)! }];
};

/** The record's primary, where its server is one. */
function provenPrimary(view: DatabaseView): NodeView | undefined {
  const record = newestRecord(view);
  const node = record && nodeOf(view, record.primary);
  return node && placeOf(node) && running(node.server)?.role === 'primary' ? node : undefined;
}

/** What the configuration says of how it watches. */
export const configure: SentinelStep = ({ name, own: { watch } }, config) => {
  const { quorum, failoverTimeoutMs, parallelSyncs } = config.sentinel!;
  const same =
    !watch ||
    (watch.quorum === quorum &&
      watch.downAfterMs === config.nodeTimeoutMs &&
      watch.failoverTimeoutMs === failoverTimeoutMs &&
      watch.parallelSyncs === parallelSyncs);
  return same ? [] : [{ do: 'configure', node: name }];
};

/** How long a Sentinel may be behind before it is told: the others tell it too. Milliseconds. */
const strayForMs = 3000;

/**
 * Tells the own Sentinel who is primary where it holds another for it: after a handover, which the agents make, and when the primary is
 * somewhere else than it was. Not while a Sentinel's own decision is on its way to the record: that leads.
 */
export const redirect: SentinelStep = (view) => {
  const { name, own, database, strayMs } = view;
  const record = newestRecord(database);
  const primary = provenPrimary(database);
  if (!own.watch || !record || !primary || isAt(own.watch.at, placeOf(primary))) return [];
  if (isDecided(record, own, database)) return wait('the Sentinels have decided, and the record does not say so yet');
  const known = spokesman(own.watch, database);
  // Nobody but it knows what it should learn from: it is asked to forget, and watches anew with the next look.
  if (!known && own.watch.sentinels.length === 0 && strayMs < strayForMs)
    return wait('it holds another for the primary');
  const to = { primary: primary.name, at: placeOf(primary)!, epoch: epochAfter(database) };
  return [{ do: 'redirect', node: name, ...to, ...(known && { as: { id: known.id, at: known.at } }) }];
};

function isDecided(record: PrimaryRecord, { watch }: SentinelView, view: DatabaseView): boolean {
  const chosen = view.nodes.find((node) => isAt(watch!.at, placeOf(node)));
  return isChanging(view) || isPromoted(chosen, record);
}

/** How long somebody who is not there any more may be listed: addresses change in two steps. Milliseconds. */
const ghostsForMs = 10_000;

/**
 * Has the own Sentinel forget whom it lists and who is not of this database: a Sentinel that is gone counts for the majority, and a replica
 * that is gone may be chosen. One at a time, while the primary answers and every other Sentinel knows all: it knows nobody for a moment.
 */
export const tidy: SentinelStep = ({ name, own, ghostsMs, database }) => {
  if (!own.watch || ghostsMs < ghostsForMs || own.watch.lost || isChanging(database)) return [];
  const watchers = watchersOf(database);
  const blind = watchers.some((one) => one.name !== name && (one.watch.lost || strangersTo(one, database).length > 0));
  if (watchers.length < database.sentinels!.length || blind) return wait('another Sentinel is not whole');
  const first = watchers.find((one) => ghostsOf(one, database).length > 0);
  if (first?.name !== name) return [];
  return [{ do: 'reset', node: name, why: `${ghostsOf(first, database).join(' and ')} is not of this database` }];
};

/** Who is of this database, runs, and is not known to a Sentinel yet: its name. */
export function strangersTo({ name, watch }: Pick<SentinelView, 'name' | 'watch'>, view: DatabaseView): string[] {
  const primary = provenPrimary(view);
  if (!watch || !primary) return [];
  const sentinels = view.sentinels!.filter(
    (one) => one.name !== name && !watch.sentinels.some(({ id }) => id === one.id),
  );
  const replicas = view.nodes.filter((node) => {
    const copy = running(node.server);
    const copies = copy?.role === 'replica' && copy.linkUp && copiesFrom(copy, primary);
    return copies && !watch.replicas.some(({ at }) => isAt(at, placeOf(node)));
  });
  return [...sentinels, ...replicas].map((one) => one.name);
}

/** Whom a Sentinel lists and who is not of this database: names for a sentence. Of replicas nothing is said while a node's place is unknown. */
export function ghostsOf({ watch }: Pick<SentinelView, 'watch'>, { nodes, sentinels = [] }: DatabaseView): string[] {
  if (!watch) return [];
  const strangers = watch.sentinels.filter(({ id }) => !sentinels.some((one) => one.id === id));
  const places = nodes.map(placeOf);
  const isKnown = places.every((place) => place !== undefined);
  const gone = isKnown ? watch.replicas.filter(({ at }) => !places.some((place) => isAt(at, place))) : [];
  return [
    ...strangers.map(({ at }) => `Sentinel ${at.ip}:${at.client}`),
    ...gone.map(({ at }) => `${at.ip}:${at.client}`),
  ];
}

/** Whom the own Sentinel holds for the primary is not who it is. */
export const isStray = (own: SentinelView, view: DatabaseView): boolean => {
  const primary = provenPrimary(view);
  return own.watch !== undefined && primary !== undefined && !isAt(own.watch.at, placeOf(primary));
};
