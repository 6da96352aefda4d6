import { Chart, type ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';

import { objectNames, ports } from '../contract/names';
import { role, roleBinding, serviceAccount } from '../resources/access';
import { agentContainer } from '../resources/agent-container';
import { agentImageContext, defaultAgentImage } from '../resources/agent-image';
import { agentConfigMap, serverConfigMap } from '../resources/configuration';
import { disruptionBudget } from '../resources/disruption-budget';
import type { Family } from '../resources/metadata';
import { nodeSet } from '../resources/node-set';
import { statusRecord } from '../resources/records';
import { renderServerConfig } from '../resources/server-config';
import { serverContainer } from '../resources/server-container';
import { clientService, headlessService, replicaService } from '../resources/services';
import { agentMounts, claimTemplate, serverMounts, volumes } from '../resources/volumes';
import { serviceHost } from '../spec/layout';
import type { ClusterProps } from '../spec/props/cluster-props';
import type { SecretKeyProps } from '../spec/props/secret-props';
import { readSpec, type Spec } from '../spec/read-spec';
import { SpecError } from '../spec/spec-error';
import { clusterContract } from './contract';
import { exporterOf } from './exporter';
import { passwordSecret, podFiles } from './pod-files';
import { addSurroundings, podPorts } from './surroundings';

const portNames = ['client', 'bus'] as const;

/**
 * A database whose keys are shared out over several primaries by hash slot.
 *
 * Its name is the construct's id, and every object is named after it; its namespace is the chart's.
 */
export class Cluster extends Construct {
  /** Where clients connect first: the client Service, by a name that every pod of the Kubernetes cluster resolves. */
  readonly clientHost: string;

  /** As {@link clientHost}, for the Service that selects replicas. */
  readonly replicaHost: string;

  /** Port of both Services. */
  readonly port: number = ports.client;

  /** Where the password is; undefined where `auth` is off. */
  readonly passwordSecret: Required<SecretKeyProps> | undefined;

  /** One a shard, in order: for what the props do not cover there is `addJsonPatch`. */
  readonly statefulSets: readonly ApiObject[];

  /**
   * Reads the props and makes every object of the database.
   *
   * @throws SpecError that lists everything wrong with the props, the id and the chart's namespace
   */
  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    const result = readSpec('Cluster', { name: id, namespace: Chart.of(this).namespace, props });
    if ('problems' in result) throw new SpecError(this.node.path, result.problems);
    const { spec } = result;
    const family: Family = {
      database: spec.name,
      engine: spec.engine.name,
      gitOps: spec.gitOps,
      labels: spec.labels,
      annotations: spec.annotations,
    };
    const serverConfig = renderServerConfig({
      ...spec,
      replicas: spec.replicasPerShard,
      cluster: { nodeTimeoutMs: spec.nodeTimeoutMs },
    });
    this.addSharedObjects(spec, family, serverConfig);
    this.statefulSets = spec.layout.map((shard) => this.addShard(spec, family, shard.name, serverConfig));

    const names = objectNames(spec.name);
    this.clientHost = serviceHost(names.clientService, spec);
    this.replicaHost = serviceHost(names.replicaService, spec);
    this.passwordSecret = passwordSecret(spec);
  }

  private addSharedObjects(spec: Spec<'Cluster'>, family: Family, serverConfig: string): void {
    const contract = clusterContract(spec);
    const names = objectNames(spec.name);
    const pods = contract.shards.flatMap((shard) => shard.nodes.map((node) => node.name));
    new k8s.KubeServiceAccount(this, 'service-account', serviceAccount(family));
    new k8s.KubeRole(this, 'role', role(family, pods));
    new k8s.KubeRoleBinding(this, 'role-binding', roleBinding(family, spec.namespace));
    new k8s.KubeConfigMap(this, 'status', statusRecord(family));
    new k8s.KubeConfigMap(this, 'server-config', serverConfigMap(family, serverConfig));
    new k8s.KubeConfigMap(this, 'agent-config', agentConfigMap(family, contract));
    new k8s.KubeService(this, 'headless-service', headlessService(family, podPorts(spec, portNames)));
    new k8s.KubeService(this, 'client-service', clientService(family));
    new k8s.KubeService(this, 'replica-service', replicaService(family));
    addSurroundings(this, spec, family, { clientServices: [names.clientService, names.replicaService], portNames });
  }

  private addShard(spec: Spec<'Cluster'>, family: Family, shard: string, serverConfig: string): ApiObject {
    const files = podFiles(spec);
    const { persistence } = spec;
    const props = nodeSet({
      ...spec,
      family,
      shard,
      serverConfig,
      nodes: 1 + spec.replicasPerShard,
      server: serverContainer({
        engine: spec.engine.name,
        image: spec.image,
        resources: spec.resources,
        tls: spec.tls !== 'off',
        portNames,
        mounts: serverMounts(files),
      }),
      agent: agentContainer({
        tls: spec.tls !== 'off',
        image: spec.agent.image ?? this.contextImage() ?? defaultAgentImage,
        resources: spec.agent.resources,
        mounts: agentMounts(files),
      }),
      exporter: exporterOf(spec, files),
      volumes: volumes(files),
      claims:
        persistence === 'off'
          ? []
          : [
              claimTemplate({
                ...persistence,
                size: persistence.initialSize ?? persistence.size,
                database: spec.name,
                shard,
              }),
            ],
    });
    new k8s.KubePodDisruptionBudget(this, `${shard}-disruption-budget`, disruptionBudget(family, shard));
    return new k8s.KubeStatefulSet(this, shard, props);
  }

  private contextImage(): string | undefined {
    return this.node.tryGetContext(agentImageContext) as string | undefined;
  }
}
