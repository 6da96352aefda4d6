import type { Construct } from 'constructs';

import { objectNames } from '../contract/names';
import { renderServerConfig } from '../resources/server-config';
import { serviceHost } from '../spec/layout';
import type { ReplicationProps } from '../spec/props/replication-props';
import type { Spec } from '../spec/read-spec';
import { replicationContract } from './contract';
import { Database } from './database';
import { openSpec } from './open-spec';
import { replicasToWrite, roleServices, type DatabasePlan } from './plan';
import { podFiles } from './pod-files';

/** A primary and its replicas; the agents decide who takes over when it is lost. */
export class Replication extends Database {
  /** As `clientHost`, for the Service of the replicas. */
  readonly replicaHost: string;

  /**
   * Reads the props and makes every object of the database.
   *
   * @throws SpecError that lists everything wrong with the props, the id and the chart's namespace
   */
  constructor(scope: Construct, id: string, props: ReplicationProps) {
    const spec = openSpec('Replication', scope, id, props);
    super(scope, id, plan(spec));
    this.replicaHost = serviceHost(objectNames(spec.name).replicaService, spec);
  }
}

const plan = (spec: Spec<'Replication'>): DatabasePlan => ({
  spec,
  contract: replicationContract(spec),
  serverConfig: renderServerConfig({ ...spec, agentLed: true, toWrite: replicasToWrite(spec) }),
  ports: ['client'],
  clientServices: roleServices(spec, spec.services.client),
  files: podFiles(spec, spec.replicaOf),
});
