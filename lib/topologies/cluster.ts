import type { Construct } from 'constructs';

import { objectNames } from '../contract/names';
import { renderServerConfig } from '../resources/server-config';
import { serviceHost } from '../spec/layout';
import type { ClusterProps } from '../spec/props/cluster-props';
import type { Spec } from '../spec/read-spec';
import { clusterContract } from './contract';
import { Database } from './database';
import { openSpec } from './open-spec';
import { replicasToWrite, sharedServices, type DatabasePlan } from './plan';
import { podFiles } from './pod-files';

/** A database whose keys are shared out over several primaries by hash slot. */
export class Cluster extends Database {
  /** As `clientHost`, for the Service of the replicas. */
  readonly replicaHost: string;

  /**
   * Reads the props and makes every object of the database.
   *
   * @throws SpecError that lists everything wrong with the props, the id and the chart's namespace
   */
  constructor(scope: Construct, id: string, props: ClusterProps) {
    const spec = openSpec('Cluster', scope, id, props);
    super(scope, id, plan(spec));
    this.replicaHost = serviceHost(objectNames(spec.name).replicaService, spec);
  }
}

const plan = (spec: Spec<'Cluster'>): DatabasePlan => ({
  spec,
  contract: clusterContract(spec),
  serverConfig: renderServerConfig({
    ...spec,
    replicas: spec.replicasPerShard,
    toWrite: replicasToWrite(spec),
    cluster: { nodeTimeoutMs: spec.nodeTimeoutMs, announcesNames: spec.externalAccess !== undefined },
  }),
  ports: ['client', 'bus'],
  clientServices: sharedServices(spec),
  files: podFiles(spec),
});
