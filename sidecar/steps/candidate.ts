import type { AgentConfig } from '../../lib/contract/agent-config';
import type { DatabaseView, NodeView, ServerUp } from '../view';
import { wouldWin } from './handover';
import { members, owns, primaryOf } from './members';
import { copiesFrom, inOffice, nodeOf, running } from './replication/copies';
import { newestRecord } from './replication/newest-record';

/** A replica that is further behind is not waited for with writes paused. Bytes. */
export const mostLag = 1024 * 1024;

/**
 * Why a node could not become the primary of its shard now by a handover that loses nothing; undefined where it could.
 *
 * @param name of a node of the database, in topology `cluster` or `replication`
 */
export function whyNoCandidate(name: string, view: DatabaseView, { topology }: AgentConfig): string | undefined {
  const node = view.nodes.find((one) => one.name === name)!;
  return whyNotFit(node) ?? (topology === 'cluster' ? whyNotInCluster(node, view) : whyNotByRecord(node, view));
}

/** The primary of a shard now, by its slots or by the newest record. */
export function primaryNow(shard: string, view: DatabaseView, { topology }: AgentConfig): string | undefined {
  return topology === 'cluster' ? primaryOf(shard, members(view))?.name : newestRecord(view)?.primary;
}

function whyNotFit({ server, agent, ending, fenced }: NodeView): string | undefined {
  if (fenced !== undefined) return `it is fenced: ${fenced}`;
  if (ending) return 'its pod is ending';
  if (server.state !== 'up') return `its server does not answer: ${server.reason}`;
  if (server.loading) return 'it is loading its data';
  return agent === undefined ? 'its agent does not answer' : undefined;
}

function whyNotInCluster({ name, shard }: NodeView, view: DatabaseView): string | undefined {
  const all = members(view);
  const primary = primaryOf(shard, all);
  const heir = all.find((member) => member.name === name);
  if (!heir) return 'nobody vouches for it';
  if (!primary) return `${shard} has no primary that could hand over`;
  if (primary === heir || owns(heir)) return 'it is the primary already';
  if (heir.self.primaryId !== primary.cluster.id) return `it does not follow ${primary.name}`;
  const behind = whyBehind(heir.server, primary);
  if (behind !== undefined) return behind;
  return wouldWin(heir, primary, all) ? undefined : `most primaries do not know it as a replica of ${primary.name} yet`;
}

function whyNotByRecord(node: NodeView, view: DatabaseView): string | undefined {
  const record = newestRecord(view);
  const primary = record && nodeOf(view, record.primary);
  const source = primary && running(primary.server);
  const copy = running(node.server);
  if (record?.primary === node.name) return 'it is the primary already';
  if (!record || !source || !inOffice(source)) {
    return 'there is no primary that takes writes, and could hand over';
  }
  if (copy?.role !== 'replica' || !copiesFrom(copy, primary)) return `it does not follow ${record.primary}`;
  if (copy.copy.priority === 0) return 'its "replica-priority" is 0, which is never chosen';
  const behind = whyBehind(copy, { name: record.primary, server: source });
  if (behind !== undefined) return behind;
  const noted = record.inSync.includes(node.name) && copy.copy.history === record.history;
  return noted ? undefined : `it is not noted yet as a copy of ${record.primary}`;
}

function whyBehind(
  server: ServerUp,
  primary: { readonly name: string; readonly server: ServerUp },
): string | undefined {
  if (!server.linkUp) return `it has no link to ${primary.name}`;
  const lag = primary.server.offset - server.offset;
  return lag > mostLag ? `it is ${lag} bytes behind ${primary.name}, more than ${mostLag}` : undefined;
}
