import type { Construct } from 'constructs';

import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { linesForStart } from '../contract/directives';
import { objectNames } from '../contract/names';
import { agentContainer } from '../resources/agent-container';
import { agentImageContext, defaultAgentImage } from '../resources/agent-image';
import type { JobSurroundings } from '../resources/job-pod';
import { serverSelector, shardSelector } from '../resources/metadata';
import type { NodeSetProps } from '../resources/node-set';
import { serverContainer } from '../resources/server-container';
import { agentMounts, claimTemplate, serverMounts, volumes } from '../resources/volumes';
import type { VolumesProps } from '../resources/volumes';
import type { AnySpec } from '../spec/read-spec';
import { exporterOf } from './exporter';
import { familyOf, retentionOf, type DatabasePlan } from './plan';

/** What the StatefulSet of a shard is made from. */
export function shardProps(scope: Construct, plan: DatabasePlan, shard: string): NodeSetProps {
  const { spec, files } = plan;
  const names = objectNames(spec.name);
  const nodes = spec.layout.find(({ name }) => name === shard)!.nodes.length;
  return {
    ...commonProps(scope, plan, files),
    name: names.statefulSet(shard),
    serviceName: names.headlessService,
    selector: shardSelector(spec.name, shard),
    ...(spec.layout.length > 1 ? { wider: serverSelector(spec.name) } : {}),
    nodes: spec.state === 'hibernated' ? 0 : nodes,
    startConfig: linesForStart(plan.serverConfig, spec.engine),
    server: serverContainer({
      engine: spec.engine.name,
      program: 'server',
      image: spec.image,
      imagePullPolicy: spec.imagePullPolicy,
      resources: spec.resources,
      tls: spec.tls !== 'off',
      portNames: plan.ports,
      mounts: serverMounts(files),
    }),
    exporter: exporterOf(spec, files),
    claims: claimsOf(spec, shard),
    retention: retentionOf(spec),
  };
}

/** The agent's image: that of the spec, else of the construct tree, else of this package. */
const agentImage = (scope: Construct, { agent }: Pick<AnySpec, 'agent'>): string =>
  agent.image ?? (scope.node.tryGetContext(agentImageContext) as string | undefined) ?? defaultAgentImage;

/** What the pods of jobs have in common with those of servers. */
export function jobSurroundings(scope: Construct, spec: AnySpec): JobSurroundings {
  const { nodeSelector, tolerations, priorityClassName } = spec.scheduling;
  return {
    image: agentImage(scope, spec),
    imagePullPolicy: spec.imagePullPolicy,
    imagePullSecrets: spec.imagePullSecrets,
    scheduling: {
      ...(nodeSelector ? { nodeSelector } : {}),
      ...(tolerations ? { tolerations } : {}),
      ...(priorityClassName === undefined ? {} : { priorityClassName }),
    },
  };
}

/** What server pods and the pods of Sentinels have in common. */
export function commonProps(scope: Construct, plan: DatabasePlan, files: VolumesProps) {
  const { spec } = plan;
  return {
    family: familyOf(plan),
    agent: agentContainer({
      tls: spec.tls !== 'off',
      image: agentImage(scope, spec),
      imagePullPolicy: spec.imagePullPolicy,
      resources: spec.agent.resources,
      mounts: agentMounts(files),
    }),
    volumes: volumes(files),
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds,
    imagePullSecrets: spec.imagePullSecrets,
    scheduling: spec.scheduling,
  };
}

function claimsOf({ name, persistence }: AnySpec, shard: string): k8s.KubePersistentVolumeClaimProps[] {
  if (persistence === 'off') return [];
  const size = persistence.initialSize ?? persistence.size;
  return [claimTemplate({ ...persistence, size, database: name, shard })];
}
