import type { Construct } from 'constructs';

import { objectNames } from '../contract/names';
import { renderServerConfig } from '../resources/server-config';
import { serviceHost } from '../spec/layout';
import type { MultiMasterProps } from '../spec/props/multi-master-props';
import type { Spec } from '../spec/read-spec';
import { multiMasterContract } from './contract';
import { Database } from './database';
import { openSpec } from './open-spec';
import { sharedServices, type DatabasePlan } from './plan';
import { podFiles } from './pod-files';

/** A database in which every node takes writes and passes them to every other. */
export class MultiMaster extends Database {
  /** As `clientHost`, for the Service that sends all writers to one node, so that their writes do not conflict. */
  readonly writerHost: string;

  /**
   * Reads the props and makes every object of the database.
   *
   * @throws SpecError that lists everything wrong with the props, the id and the chart's namespace
   */
  constructor(scope: Construct, id: string, props: MultiMasterProps) {
    const spec = openSpec('MultiMaster', scope, id, props);
    super(scope, id, plan(spec));
    this.writerHost = serviceHost(objectNames(spec.name).leaderService, spec);
  }
}

const plan = (spec: Spec<'MultiMaster'>): DatabasePlan => ({
  spec,
  contract: multiMasterContract(spec),
  serverConfig: renderServerConfig({ ...spec, replicas: spec.nodes - 1, multiMaster: true }),
  ports: ['client'],
  clientServices: sharedServices(spec),
  files: podFiles(spec),
});
