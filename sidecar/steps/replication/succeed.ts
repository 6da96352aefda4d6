import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { NodeView, OwnView } from '../../view';
import { wait, type NodeStep } from '../step';
import { patienceMs } from '../takeover';
import { heirsOf, lastResorts, namesOf, nodeOf, others, ownOffice, running, unseenCopies } from './copies';

/** Longest that a dead primary waits for a replica that cannot be seen: its agent may be about to start. Milliseconds. */
const unseenMs = 2000;

/**
 * Appoints the best replica at once when the server beside this agent has died as the primary: its agent is the one who lets it start
 * again, and so knows that it takes no writes.
 */
export const giveUp: NodeStep = (view, config) => {
  const record = ownOffice(view);
  const { database, server, permitted, disk, heldMs, name } = view;
  if (!record || !database || server.state !== 'absent' || permitted) return [];
  // An office that was perhaps given away is nobody's until that is known: better not to begin while nobody answers.
  if (!view.primacy!.fresh) return [];
  // From then on it may start with its data; without any it stays held, and needs its heir for as long.
  if (disk.hasData && heldMs > patienceMs(config)) return [];
  const [heir] = heirsOf(record, database, heldMs);
  const chosen = heir ?? (isLost(view, config) ? lastResorts(record, database)[0] : undefined);
  if (!chosen) return [];
  const unseen = unseenCopies(record, database, name, config);
  if (unseen.length > 0 && heldMs < Math.min(unseenMs, config.nodeTimeoutMs)) {
    return wait(`held: ${namesOf(unseen)} may have more data than ${chosen.name}`);
  }
  return [{ do: 'appoint', node: chosen.name, from: name, epoch: record.epoch + 1, vacated: true, base: record }];
};

/** The primary's data is gone for good, and all others can be seen: nobody will ever come with more than they have. */
const isLost = ({ name, disk, database }: OwnView, { persistence }: AgentConfig): boolean =>
  (!disk.hasData || persistence === 'off') && others(database!, name).every(({ agent }) => agent !== undefined);

/** Looks that have to fail before a primary counts as lost, beside the time for which they do. */
const leastLooks = 3;

/**
 * Appoints the own node when the primary has been silent for the node timeout, for everybody who says anything, and no other replica has
 * more. Two observers at least: this agent, over a connection of its own, and its server, which copies from the primary.
 */
export const replace: NodeStep = (view, config) => {
  const record = view.primacy?.record;
  const own = running(view.server);
  if (!record || record.epoch === 0 || record.primary === view.name || !view.database || own?.role !== 'replica')
    return [];
  const primary = nodeOf(view.database, record.primary);
  // One that the spec has no more is nobody's to look at: it is there while a link to it is up.
  const silentMs = primary ? lostMs(primary, config) : own.linkUp ? undefined : config.nodeTimeoutMs;
  if (silentMs === undefined || hearsPrimary(own, config)) return [];
  const hearer = others(view.database, view.name).find(
    (node) =>
      node !== primary &&
      node.agent?.record?.epoch === record.epoch &&
      (primary ? hears(node, config) : running(node.server)?.linkUp === true),
  );
  if (hearer) return wait(`${record.primary} does not answer, but ${hearer.name} hears from it`);
  const heirs = heirsOf(record, view.database, silentMs);
  if (!heirs.some(({ name }) => name === view.name)) return [];
  if (heirs[0]!.name !== view.name)
    return wait(`${record.primary} does not answer, and ${heirs[0]!.name} has more data`);
  const unseen = unseenCopies(record, view.database, view.name, config);
  if (unseen.length > 0 && silentMs < 2 * config.nodeTimeoutMs) {
    return wait(`${record.primary} does not answer, and ${namesOf(unseen)} may have more data`);
  }
  return [
    { do: 'appoint', node: view.name, from: record.primary, epoch: record.epoch + 1, vacated: false, base: record },
  ];
};

/** For how long the primary is lost to this agent; undefined where it is not, or its own agent hears it. Milliseconds. */
function lostMs({ silence, agent }: NodeView, { nodeTimeoutMs }: AgentConfig): number | undefined {
  if (!silence || silence.forMs < nodeTimeoutMs || silence.looks < leastLooks) return undefined;
  return agent?.server === 'up' || agent?.server === 'loading' ? undefined : silence.forMs;
}

const hearsPrimary = (
  { linkUp, linkSilentSeconds }: { readonly linkUp: boolean; readonly linkSilentSeconds: number },
  { nodeTimeoutMs }: AgentConfig,
): boolean => linkUp && linkSilentSeconds * 1000 < Math.max(1000, nodeTimeoutMs - 1000);

/** An agent that has not looked yet says nothing. */
const hears = ({ agent }: NodeView, { nodeTimeoutMs }: AgentConfig): boolean =>
  agent?.primarySilentMs !== undefined && agent.primarySilentMs < nodeTimeoutMs / 2;
