import type { Construct } from 'constructs';

import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { objectNames, ports } from '../contract/names';
import { sentinelConfigMap } from '../resources/configuration';
import { disruptionBudget } from '../resources/disruption-budget';
import { sentinelSelector } from '../resources/metadata';
import { nodeSet } from '../resources/node-set';
import { renderSentinelConfig, renderServerConfig } from '../resources/server-config';
import { serverContainer } from '../resources/server-container';
import { namedPort, nodeService, sentinelHeadlessService, sentinelService } from '../resources/services';
import { serverMounts } from '../resources/volumes';
import { serviceHost } from '../spec/layout';
import type { SentinelProps } from '../spec/props/sentinel-props';
import type { Spec } from '../spec/read-spec';
import { resolveResources } from '../spec/rules/resources';
import { masterName, sentinelContract, sentinelNames } from './contract';
import { Database } from './database';
import { openSpec } from './open-spec';
import { familyOf, nodesOf, replicasToWrite, roleServices, type DatabasePlan } from './plan';
import { podFiles } from './pod-files';
import { commonProps } from './shard';

/** A primary and its replicas, watched by Sentinels, which decide who takes over when it is lost. */
export class Sentinel extends Database {
  /** As `clientHost`, for the Service of the replicas. */
  readonly replicaHost: string;

  /** Where clients ask who is primary. */
  readonly sentinelHost: string;

  /** Port of {@link sentinelHost}. */
  readonly sentinelPort: number;

  /** The name by which clients ask: `jobs.shop` for `jobs` in the namespace `shop`. */
  readonly masterName: string;

  /**
   * Reads the props and makes every object of the database.
   *
   * @throws SpecError that lists everything wrong with the props, the id and the chart's namespace
   */
  constructor(scope: Construct, id: string, props: SentinelProps) {
    const spec = openSpec('Sentinel', scope, id, props);
    const database = plan(spec);
    super(scope, id, database);
    const names = objectNames(spec.name);
    this.addStableAddresses(spec, database);
    this.addSentinels(spec, database);
    this.replicaHost = serviceHost(names.replicaService, spec);
    this.sentinelHost = serviceHost(names.sentinelService, spec);
    this.sentinelPort = ports.sentinel;
    this.masterName = masterName(spec);
  }

  /** A Service for each node and each Sentinel: two databases never meet because pods have exchanged their addresses. */
  private addStableAddresses(spec: Spec<'Sentinel'>, database: DatabasePlan): void {
    const family = familyOf(database);
    const add = (pod: string, port: 'client' | 'sentinel') => {
      new k8s.KubeService(this, `${pod}-service`, nodeService(family, pod, [namedPort(port), namedPort('agent')]));
    };
    for (const node of nodesOf(database)) add(node, 'client');
    for (const pod of sentinelNames(spec)) {
      add(pod, 'sentinel');
    }
  }

  private addSentinels(spec: Spec<'Sentinel'>, database: DatabasePlan): void {
    const names = objectNames(spec.name);
    const family = familyOf(database);
    const config = renderSentinelConfig(spec);
    const selector = sentinelSelector(spec.name);
    // What a Sentinel knows it learns again from the others, and its file has passwords in it: memory is right for both.
    const files = {
      ...database.files,
      serverConfig: names.sentinelConfig,
      data: 'memory',
      exporterPassword: false,
      stores: [],
    } as const;
    const props = nodeSet({
      ...commonProps(this, database, files),
      name: names.sentinelSet,
      serviceName: names.sentinelHeadlessService,
      selector,
      nodes: spec.state === 'hibernated' ? 0 : spec.sentinels.count,
      startConfig: config,
      server: serverContainer({
        engine: spec.engine.name,
        program: 'sentinel',
        image: spec.image,
        imagePullPolicy: spec.imagePullPolicy,
        resources: resolveResources(spec.sentinels.resources),
        tls: spec.tls !== 'off',
        portNames: ['sentinel'],
        mounts: serverMounts(files),
      }),
      claims: [],
      retention: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    });
    new k8s.KubeConfigMap(this, 'sentinel-config', sentinelConfigMap(family, config));
    new k8s.KubeService(this, 'sentinel-headless-service', sentinelHeadlessService(family));
    new k8s.KubeService(this, 'sentinel-service', sentinelService(family));
    const budget = disruptionBudget(family, names.sentinelSet, selector);
    new k8s.KubePodDisruptionBudget(this, 'sentinel-disruption-budget', budget);
    new k8s.KubeStatefulSet(this, 'sentinel', props);
  }
}

const plan = (spec: Spec<'Sentinel'>): DatabasePlan => ({
  spec,
  contract: sentinelContract(spec),
  serverConfig: renderServerConfig({ ...spec, agentLed: true, toWrite: replicasToWrite(spec) }),
  ports: ['client'],
  clientServices: roleServices(spec, spec.services.client),
  files: podFiles(spec),
});
