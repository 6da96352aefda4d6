import type { Kind, SoundFields } from '../kinds';
import { quote } from '../problems';
import type { SpecProblem } from '../spec-error';

/** What is wrong between the fields that say how many there are, who agrees, and whom they follow. */
export function replicationProblems(kind: Kind, fields: SoundFields): SpecProblem[] {
  return [
    ...replicasToWriteProblems(kind, fields),
    ...sentinelProblems(fields),
    ...upgradeProblems(kind, fields),
    ...replicaOfProblems(fields),
  ];
}

function replicasToWriteProblems(kind: Kind, fields: SoundFields): SpecProblem[] {
  const { minReplicasToWrite: least = 0 } = fields;
  const field = kind === 'Cluster' ? 'replicasPerShard' : 'replicas';
  const replicas = fields[field];
  if (replicas === undefined || least <= replicas) return [];
  const message = `must be at most "${field}", ${replicas}, got ${least}; no primary could ever take a write`;
  return [{ path: ['minReplicasToWrite'], message }];
}

function sentinelProblems({ sentinels }: SoundFields): SpecProblem[] {
  if (sentinels === undefined) return [];
  const { count, quorum } = sentinels;
  const problems: SpecProblem[] = [];
  if (count % 2 === 0) {
    const message = `must be odd, got ${count}; the last of an even number adds a Sentinel that can fail, and no failure that the others survive`;
    problems.push({ path: ['sentinels', 'count'], message });
  }
  if (quorum !== undefined && quorum > count) {
    const message = `must be at most "count", ${count}, got ${quorum}; so many could never agree`;
    problems.push({ path: ['sentinels', 'quorum'], message });
  }
  return problems;
}

/** Two nodes of a shard are never away at a time. */
function upgradeProblems(kind: Kind, { upgrade, shards = 1 }: SoundFields): SpecProblem[] {
  const most = kind === 'Cluster' ? shards : 1;
  const wanted = upgrade?.maxUnavailable ?? 1;
  if (wanted <= most) return [];
  const message = `must be at most the number of shards, ${most}, got ${wanted}; of each shard one node is away at a time`;
  return [{ path: ['upgrade', 'maxUnavailable'], message }];
}

function replicaOfProblems({ replicaOf, tls, restore }: SoundFields): SpecProblem[] {
  if (replicaOf === undefined) return [];
  const problems: SpecProblem[] = [];
  if (replicaOf.tls === 'on' && tls === 'off') {
    const message = `must be "off" where "tls" is, got ${quote('on')}; it takes the certificates of this database`;
    problems.push({ path: ['replicaOf', 'tls'], message });
  }
  if (restore !== undefined) {
    const message = 'cannot be with "replicaOf"; data comes from the one or from the other';
    problems.push({ path: ['restore'], message });
  }
  return problems;
}
