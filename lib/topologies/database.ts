import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';

import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { hasRecord } from '../contract/engines';
import { claimName, objectNames } from '../contract/names';
import { role, roleBinding, serviceAccount } from '../resources/access';
import { agentConfigMap, serverConfigMap } from '../resources/configuration';
import { disruptionBudget } from '../resources/disruption-budget';
import { shardSelector } from '../resources/metadata';
import { nodeSet } from '../resources/node-set';
import { statusRecord } from '../resources/records';
import { clientService, externalService, headlessService } from '../resources/services';
import { serviceHost } from '../spec/layout';
import type { SecretKeyProps } from '../spec/props/secret-props';
import { addBackups } from './backup';
import { addCertificate } from './certificate';
import { addDrain } from './drain';
import { addGeneratedPassword } from './generated-password';
import { addMonitoring } from './monitoring';
import { addNetworkPolicy } from './network';
import { familyOf, nodesOf, podPorts, type DatabasePlan } from './plan';
import { passwordSecret } from './pod-files';
import { shardProps } from './shard';

/**
 * A database of any topology. Its name is the construct's id, and every object is named after it; its namespace is the
 * chart's.
 */
export abstract class Database extends Construct {
  /**
   * Where clients connect first, by a name that every pod of the Kubernetes cluster resolves: any node of a `Cluster` or a
   * `MultiMaster`, else the primary.
   */
  readonly clientHost: string;

  /** Port of every Service for clients. */
  readonly port: number;

  /** Where the password is; undefined where `auth` is off. */
  readonly passwordSecret: Required<SecretKeyProps> | undefined;

  /** Of servers, one a shard, in order: for what the props do not cover there is `addJsonPatch`. */
  readonly statefulSets: readonly ApiObject[];

  /**
   * Makes every object of a database, but for those that only its topology has.
   *
   * @internal A plan is made of types of zod, which not every project of a user can compile.
   */
  protected constructor(scope: Construct, id: string, plan: DatabasePlan) {
    super(scope, id);
    const { spec } = plan;
    this.addAccess(plan);
    this.addConfiguration(plan);
    this.addServices(plan);
    this.statefulSets = spec.layout.map((shard) => this.addShard(plan, shard.name));
    addMonitoring(this, plan);
    addBackups(this, plan);
    addDrain(this, plan);
    this.clientHost = serviceHost(plan.clientServices[0]!.name, spec);
    this.port = spec.services.port;
    this.passwordSecret = passwordSecret(spec);
  }

  private addAccess(plan: DatabasePlan): void {
    const { spec, contract } = plan;
    const family = familyOf(plan);
    const names = objectNames(spec.name);
    const nodes = nodesOf(plan);
    const sentinels = (contract.sentinel?.nodes ?? []).map(({ name }) => name);
    const objects = {
      pods: [...nodes, ...sentinels],
      sets: spec.layout.map(({ name }) => names.statefulSet(name)),
      claims: contract.volumeBytes === undefined ? [] : nodes.map(claimName),
      primary: hasRecord(contract.topology),
      services: contract.externalAccess ? nodes.map(names.externalService) : [],
    };
    new k8s.KubeServiceAccount(this, 'service-account', serviceAccount(family));
    new k8s.KubeRole(this, 'role', role(family, objects));
    new k8s.KubeRoleBinding(this, 'role-binding', roleBinding(family, spec.namespace));
    addNetworkPolicy(this, plan);
  }

  private addConfiguration(plan: DatabasePlan): void {
    const family = familyOf(plan);
    new k8s.KubeConfigMap(this, 'status', statusRecord(family));
    new k8s.KubeConfigMap(this, 'server-config', serverConfigMap(family, plan.serverConfig));
    new k8s.KubeConfigMap(this, 'agent-config', agentConfigMap(family, plan.contract));
    addGeneratedPassword(this, plan);
    addCertificate(this, plan);
  }

  private addServices(plan: DatabasePlan): void {
    const { spec } = plan;
    const family = familyOf(plan);
    new k8s.KubeService(this, 'headless-service', headlessService(family, podPorts(plan)));
    for (const service of plan.clientServices) {
      const id = service.name.slice(spec.name.length + 1) || 'client';
      new k8s.KubeService(this, `${id}-service`, clientService(family, service));
    }
    if (!spec.externalAccess) return;
    for (const node of nodesOf(plan)) {
      const props = externalService(family, node, spec.externalAccess);
      new k8s.KubeService(this, `${node}-external-service`, props);
    }
  }

  private addShard(plan: DatabasePlan, shard: string): ApiObject {
    const { spec } = plan;
    const selector = shardSelector(spec.name, shard);
    const budget = disruptionBudget(familyOf(plan), objectNames(spec.name).disruptionBudget(shard), selector);
    new k8s.KubePodDisruptionBudget(this, `${shard}-disruption-budget`, budget);
    return new k8s.KubeStatefulSet(this, shard, nodeSet(shardProps(this, plan, shard)));
  }
}
