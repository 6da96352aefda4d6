import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { DatabaseView, OwnSentinelView, SentinelView } from '../../view';
import { isAt, nodeOf, placeOf } from '../replication/copies';
import { newestRecord } from '../replication/newest-record';
import { wait, type DatabaseStep } from '../step';
import { ghostsOf, strangersTo } from './watch';

/** What is missing in one Sentinel; undefined where nothing is. */
export function whyNotWhole(sentinel: SentinelView, view: DatabaseView): string | undefined {
  const { state, reason, watch } = sentinel;
  if (state !== 'up') return `does not answer: ${reason}`;
  if (!watch) return 'watches nobody yet';
  const record = newestRecord(view);
  const primary = record && nodeOf(view, record.primary);
  if (primary && !isAt(watch.at, placeOf(primary))) return `does not hold ${primary.name} for the primary yet`;
  const unknown = strangersTo(sentinel, view);
  if (unknown.length > 0) return `does not know ${unknown.join(', ')} yet`;
  const [ghost] = ghostsOf(sentinel, view);
  return ghost === undefined ? undefined : `lists ${ghost}, which is not of this database`;
}

/** How many have to answer for a failover: the quorum to find the primary lost, and a majority to elect who replaces it. */
export const needed = ({ sentinel }: AgentConfig): number =>
  Math.max(sentinel!.quorum, Math.floor(sentinel!.nodes.length / 2) + 1);

/** Whether clients may ask the own Sentinel. */
export function isWhole(
  view: OwnSentinelView | undefined,
  config: AgentConfig,
): { readonly ready: boolean; readonly reason: string } {
  const why = whyNotReady(view, config);
  return { ready: why === undefined, reason: why ?? 'ready' };
}

function whyNotReady(view: OwnSentinelView | undefined, config: AgentConfig): string | undefined {
  if (!view) return 'not looked at yet';
  const { own, stopping } = view;
  if (stopping) return 'ending';
  if (own.state !== 'up') return `the Sentinel does not answer: ${own.reason}`;
  if (!own.watch) return 'the Sentinel watches nobody yet';
  const known = own.watch.sentinels.filter(
    ({ id, down }) => !down && view.database.sentinels!.some((one) => one.id === id),
  );
  return known.length + 1 < needed(config) ? 'the Sentinel is not in touch with a majority yet' : undefined;
}

/** Says what the Sentinels lack; each agent beside one does it. */
export const settleSentinels: DatabaseStep = (view) => {
  const lacks = (view.sentinels ?? []).flatMap((one) => {
    const why = whyNotWhole(one, view);
    return why === undefined ? [] : [`${one.name} ${why}`];
  });
  return lacks.length > 0 ? wait(lacks.join('; ')) : [];
};
