import { lagFrom, memoryFindings, problemFindings, whyAbsent, type Finding } from './findings';
import { copiesFrom, nodeOf, running } from './steps/replication/copies';
import { closed } from './steps/replication/floor';
import { newestRecord } from './steps/replication/newest-record';
import type { DatabaseView, NodeView, PrimaryRecord } from './view';

/** What is to be said of a node of a primary and its replicas. */
export interface ReplicatedVerdict {
  readonly findings: readonly Finding[];
  /** Absent where it serves nobody. */
  readonly role?: 'primary' | 'replica';
  readonly lagBytes?: number;
}

/** Judges one node by the newest record that is known. */
export function judgeReplicated(node: NodeView, view: DatabaseView): ReplicatedVerdict {
  const server = running(node.server);
  if (!server || node.ending) return { findings: [{ health: 'Degraded', reason: whyAbsent(node) }] };
  const record = newestRecord(view);
  const primary = record && nodeOf(view, record.primary);
  const common = [...problemFindings(node.agent), ...memoryFindings(server)];
  if (server.copy.source && record?.primary === node.name) return { role: 'replica', findings: common };
  if (server.role === 'primary') {
    const takesWrites = server.copy.floor !== closed;
    if (record?.primary === node.name)
      return { role: 'primary', findings: takesWrites ? common : [unproven, ...common] };
    return { findings: [stray(takesWrites), ...common] };
  }
  const source = primary && running(primary.server);
  const follows = primary !== undefined && copiesFrom(server, primary);
  const findings = [...(follows && server.linkUp ? [] : [outOfSync(follows)]), ...common];
  return { role: 'replica', findings, ...(source ? { lagBytes: lagFrom(source, server) } : {}) };
}

const unproven: Finding = {
  health: 'Critical',
  reason: 'takes no writes: nothing proves that it is still the primary',
};

const stray = (takesWrites: boolean): Finding =>
  takesWrites
    ? { health: 'Critical', reason: 'takes writes, and another is the primary' }
    : { health: 'Degraded', reason: 'was the primary, and does not follow the new one yet' };

const outOfSync = (follows: boolean): Finding => ({
  health: 'Degraded',
  reason: follows ? 'is not in sync with its primary' : 'does not follow the primary yet',
});

/** What is to be said of all together. */
export function findingsOfAll(view: DatabaseView): Finding[] {
  const record = newestRecord(view);
  if (!record) return [{ health: 'Critical', reason: 'nobody is primary yet' }];
  const primary = nodeOf(view, record.primary);
  const serves = primary && !primary.ending && running(primary.server)?.role === 'primary';
  return serves
    ? withoutSuccessor(record)
    : [{ health: 'Critical', reason: `${record.primary} is the primary, and does not serve` }];
}

const withoutSuccessor = ({ inSync, primary }: PrimaryRecord): Finding[] =>
  inSync.length > 0 ? [] : [{ health: 'Degraded', reason: `no replica could take over from ${primary} now` }];
