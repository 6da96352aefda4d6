import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { Action } from '../../action';
import type { DatabaseView, OwnView, PrimaryRecord } from '../../view';
import { wait, type NodeStep } from '../step';
import { copiesFrom, heirsOf, inOffice, nodeOf, others, ownOffice, running, type Copy, type CopyNode } from './copies';

/** How long a replica waits to see its data with somebody who stays. Milliseconds. */
const verifyForMs = 30_000;

/**
 * How long a pod that ends goes on refusing writes, and answering reads: until every machine has heard that its Service leads elsewhere. A connection that
 * is made to an address which is gone hangs for as long as the client lets it, which is 10 s and more. EndpointSlices are updated in
 * half a second and kube-proxy once a second, where they have little to do; five seconds are what a `preStop` hook commonly sleeps.
 * Milliseconds.
 */
const lingerMs = 5000;

/**
 * Lets the own pod end, but the primary only after a verified handover. Where every node that could take over is ending too, the database
 * is meant to go, and nothing is waited for.
 */
export const endReplicated: NodeStep = (view, config) => {
  if (!view.stopping) return [];
  if (view.released) return wait('ending');
  if (!view.told) return [{ do: 'tell-ending', node: view.name }];
  if (view.server.state === 'absent') return release(view, 'its server does not run');
  if (!view.database) return wait('ending: the other nodes have not been looked at yet');
  if (others(view.database, view.name).every(({ ending }) => ending)) {
    return release(view, 'every node that could take over is ending too');
  }
  const own = running(view.server);
  const office = ownOffice(view);
  if (office)
    return own ? yieldOffice(view, office, view.database, config) : wait('ending: the own server does not answer');
  return own ? endCopy(view, own, view.database) : release(view, 'its server does not answer, and it is no primary');
};

const release = (view: OwnView, why: string): readonly Action[] => [{ do: 'release', node: view.name, why }];

function yieldOffice(
  view: OwnView,
  record: PrimaryRecord,
  database: DatabaseView,
  { persistence }: AgentConfig,
): readonly Action[] {
  const heir = linkedHeir(record, database);
  if (!heir && mayNobodySucceed(view, database) && persistence !== 'off') {
    return release(view, 'every other node has "replica-priority" 0, and may never take over');
  }
  if (!heir) return wait('ending: no replica is in sync to take over');
  if (!view.primacy!.fresh) return wait('ending: the record of who is primary cannot be read');
  return [{ do: 'hand-over', node: heir.name, from: view.name, epoch: record.epoch + 1, base: record }];
}

/** It is waited for until it has everything: which one is wished for comes before who has the most now. */
const linkedHeir = (record: PrimaryRecord, database: DatabaseView): CopyNode | undefined =>
  heirsOf(record, database, 0)
    .filter(({ server }) => server.linkUp)
    .sort((a, b) => a.server.copy.priority - b.server.copy.priority)[0];

const mayNobodySucceed = ({ name }: OwnView, database: DatabaseView): boolean =>
  others(database, name).every(({ server }) => running(server)?.copy.priority === 0);

function endCopy(view: OwnView, own: Copy, database: DatabaseView): readonly Action[] {
  const doubt = whyNotSafe(view, own, database);
  if (doubt === undefined) {
    return isSought(view)
      ? wait('ending: clients are still sent to it')
      : release(view, 'its data is with the primary');
  }
  if (view.stoppingMs > verifyForMs && own.role === 'replica')
    return release(view, `it is a replica, although ${doubt}`);
  return wait(`ending: ${doubt}`);
}

/** A handover is as old as the record that it wrote. The address of a fenced node stays, and refuses whoever comes. */
const isSought = ({ fenced, stoppingMs, primacy }: OwnView): boolean =>
  fenced === undefined && Math.min(stoppingMs, primacy!.knownMs) < lingerMs;

/** A handover is done when the new primary takes writes, this node has followed it, and another that stays has too, where there is one. */
function whyNotSafe({ name, primacy }: OwnView, own: Copy, database: DatabaseView): string | undefined {
  const record = primacy?.record;
  const primary = record && nodeOf(database, record.primary);
  const server = primary && running(primary.server);
  if (!primary || server?.role !== 'primary') return 'its primary does not answer';
  if (!inOffice(server)) return `${primary.name} does not take writes yet`;
  if (own.role !== 'replica' || !own.linkUp || !copiesFrom(own, primary))
    return `it has not followed ${primary.name} yet`;
  const witnesses = others(database, name).filter((node) => node !== primary && !node.ending && running(node.server));
  const agrees = witnesses.some((node) => copiesFrom(running(node.server)!, primary));
  return witnesses.length === 0 || agrees ? undefined : `nobody else follows ${primary.name} yet`;
}
