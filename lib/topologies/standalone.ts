import type { Construct } from 'constructs';

import { renderServerConfig } from '../resources/server-config';
import type { StandaloneProps } from '../spec/props/standalone-props';
import type { Spec } from '../spec/read-spec';
import { standaloneContract } from './contract';
import { Database } from './database';
import { openSpec } from './open-spec';
import { roleServices, type DatabasePlan } from './plan';
import { podFiles } from './pod-files';

/** A database of one node. */
export class Standalone extends Database {
  /**
   * Reads the props and makes every object of the database.
   *
   * @throws SpecError that lists everything wrong with the props, the id and the chart's namespace
   */
  constructor(scope: Construct, id: string, props: StandaloneProps) {
    super(scope, id, plan(openSpec('Standalone', scope, id, props)));
  }
}

const plan = (spec: Spec<'Standalone'>): DatabasePlan => ({
  spec,
  contract: standaloneContract(spec),
  serverConfig: renderServerConfig({ ...spec, replicas: 0 }),
  ports: ['client'],
  clientServices: roleServices(spec, spec.services.client),
  files: podFiles(spec, spec.replicaOf),
});
