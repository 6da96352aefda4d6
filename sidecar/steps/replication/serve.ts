import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { Action } from '../../action';
import type { NodeView, OwnView, PrimaryRecord } from '../../view';
import { wait, type NodeStep } from '../step';
import { copiesFrom, nodeOf, others, ownOffice, placeOf, running, type Copy } from './copies';
import { closed } from './floor';
import { proofMs, slackMs } from './timing';

/** Makes the own server primary, once the one before it can take no writes any more. */
export const lead: NodeStep = (view, config) => {
  const record = ownOffice(view);
  if (!record || running(view.server)?.role !== 'replica') return [];
  const left = awaitFence(view, record, config);
  if (left.length > 0) return left;
  if (record.source === undefined) return [{ do: 'lead', node: view.name, epoch: record.epoch }];
  // What it has is a copy of a source: before it takes a write, that is noted to be so no more.
  if (!config.replicaOf) return [{ do: 'note-source', node: view.name, base: record }];
  const { source } = view;
  return source ? [{ do: 'follow-source', node: view.name, name: source.name, port: source.port }] : [];
};

/** Waits until the one before can take no writes any more. */
export function awaitFence(view: OwnView, record: PrimaryRecord, config: AgentConfig): readonly Action[] {
  const leftMs = proofMs(config) - view.primacy!.knownMs;
  if (record.vacated || leftMs <= 0 || isOut(record, view)) return [];
  return wait(`${record.before} may take writes for ${Math.ceil(leftMs / 1000)} s more`);
}

/** The one before has heard of its successor, and its server does not run or copies somebody. */
function isOut({ epoch, before }: PrimaryRecord, { database }: OwnView): boolean {
  const node = database && nodeOf(database, before);
  if (!node || (node.agent?.record?.epoch ?? 0) < epoch) return false;
  const server = running(node.server);
  return node.agent?.server === 'held' || server?.role === 'replica' || server?.copy.source !== undefined;
}

/** Has the own server follow the primary, wherever that is now. It has to be one already: two that follow each other copy nothing. */
export const follow: NodeStep = (view) => {
  const record = view.primacy?.record;
  const own = running(view.server);
  if (!own || !record || record.epoch === 0 || record.primary === view.name || !view.database) return [];
  const primary = nodeOf(view.database, record.primary);
  const at = primary && placeOf(primary);
  if (!at || primary.agent?.record?.epoch !== record.epoch) return [];
  const source = running(primary.server);
  if (source?.role !== 'primary' || !mayBeCopied(source)) return [];
  if (own.role === 'replica' && copiesFrom(own, primary)) return [];
  const wasPrimary = own.role === 'primary';
  return [{ do: 'follow', node: view.name, primary: record.primary, at, wasPrimary }];
};

/** A server without a link to what it copies itself lets nobody copy it. */
const mayBeCopied = ({ copy }: Copy): boolean => copy.source === undefined || copy.source.up;

/** Lets the own server take writes while it is proven that nobody else does. */
export const open: NodeStep = (view, config) => {
  const server = running(view.server);
  const record = ownOffice(view);
  if (server?.role !== 'primary' || !record || view.primacy!.provenMs <= slackMs(config)) return [];
  if (server.copy.source || record.source !== undefined) return [];
  const replicas = config.minReplicasToWrite ?? 0;
  return server.copy.floor === replicas ? [] : [{ do: 'open', node: view.name, replicas }];
};

/** Stops a primary whose proof is about to run out, or that has been replaced. */
export const close = (view: OwnView, config: AgentConfig): readonly Action[] => {
  const { server, primacy } = view;
  const isPrimary = server.state !== 'up' || server.role === 'primary';
  if (!primacy || !isPrimary || server.state === 'absent') return [];
  const isOpen = primacy.open || (running(server)?.copy.floor ?? closed) !== closed;
  return isOpen && primacy.provenMs <= slackMs(config) ? [{ do: 'close', node: view.name }] : [];
};

/** Keeps the list of those who may succeed the own node: replicas that copy it and have caught up. */
export const noteCopies: NodeStep = (view, config) => {
  const record = ownOffice(view);
  const own = running(view.server);
  if (!record || own?.role !== 'primary' || !view.database || !view.primacy!.fresh) return [];
  const self = nodeOf(view.database, view.name);
  // A node that the spec has no more keeps its list: until it has handed over, who may succeed it must not be nobody.
  if (!self) return [];
  const inSync = others(view.database, view.name)
    .filter((node) => hasCaughtUp(node, self, record, own.copy.history) || isMissedBriefly(node, record, config))
    .map(({ name }) => name);
  const same = record.history === own.copy.history && inSync.join() === record.inSync.join();
  return same ? [] : [{ do: 'note-copies', node: view.name, inSync, history: own.copy.history, base: record }];
};

/** Its agent has to be there to let it in; while that starts anew, it goes on confirming writes, and is missed where it is not asked. */
function hasCaughtUp(node: NodeView, self: NodeView, { inSync }: PrimaryRecord, history: string): boolean {
  const server = running(node.server);
  return (
    (node.agent !== undefined || inSync.includes(node.name)) &&
    server?.role === 'replica' &&
    server.linkUp &&
    server.copy.history === history &&
    copiesFrom(server, self)
  );
}

/** A replica that was in sync and may be back in a moment, with what it had. */
function isMissedBriefly(node: NodeView, { inSync }: PrimaryRecord, { nodeTimeoutMs }: AgentConfig): boolean {
  if (!inSync.includes(node.name)) return false;
  const server = running(node.server);
  if (!server) return (node.silence?.forMs ?? 0) < nodeTimeoutMs;
  return server.role === 'replica' && !server.linkUp && server.linkSilentSeconds * 1000 < nodeTimeoutMs;
}
