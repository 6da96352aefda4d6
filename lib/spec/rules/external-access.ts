import { can, type Engine } from '../../contract/engines';
import type { Kind, SoundFields } from '../kinds';
import { quote } from '../problems';
import type { SpecProblem } from '../spec-error';

/** What is wrong with how clients outside the Kubernetes cluster are to find single nodes. */
export function externalAccessProblems(kind: Kind, fields: SoundFields, engine: Engine | undefined): SpecProblem[] {
  const { externalAccess, tls } = fields;
  if (externalAccess === undefined) return [];
  if (kind === 'Sentinel') {
    const message =
      'must not be; Sentinels tell clients the addresses at which they and the replicas find the nodes themselves, and there is one of each: clients outside reach the primary through "services.client"';
    return [{ path: ['externalAccess'], message }];
  }
  if (kind !== 'Cluster') return [];
  const certified = tls !== undefined && tls !== 'off' && 'issuer' in tls;
  return [
    ...(engine ? engineProblems(engine, externalAccess.type) : []),
    ...(certified && externalAccess.host === undefined
      ? [{ path: ['externalAccess', 'host'], message: 'must be set with "tls.issuer"; its certificate holds names' }]
      : []),
  ];
}

/** Nodes that tell clients where the others are need something to tell them that is not what they use among themselves. */
function engineProblems(engine: Engine, type: 'NodePort' | 'LoadBalancer'): SpecProblem[] {
  const named = `${engine.name} ${engine.version}`;
  if (!can(engine, 'announceHostname')) {
    const message = `must not be with ${named}; its nodes tell clients the addresses that they use among themselves: use a newer version`;
    return [{ path: ['externalAccess'], message }];
  }
  if (type === 'LoadBalancer' || can(engine, 'announceClientPort')) return [];
  const message = `must be "LoadBalancer" with ${named}, got ${quote(type)}; its nodes tell clients the port that they use among themselves, which a node port is not: valkey 9.0 and later can`;
  return [{ path: ['externalAccess', 'type'], message }];
}
