import * as z from 'zod';

import { evictionPolicies } from '../eviction-policies';
import { annotationMap, bytes, labelMap, listOf, label, objectName, oneOf, secretName, wholeNumber } from '../fields';
import { must, mustBlock, mustUnseen } from '../problems';
import { auth } from './auth-schema';
import { archive, backup, restore } from './backup-schema';
import { monitoring } from './monitoring-schema';
import { modules } from './operations-schema';
import { persistence } from './persistence-schema';
import { agent, image, resources } from './resources-schema';
import { scheduling } from './scheduling-schema';
import { externalAccess, networkPolicy, replicatedServices } from './services-schema';
import { tls } from './tls-schema';

/** See {@link EngineProp}. */
export const engine = oneOf(['valkey', 'redis', 'keydb']);

/** The name of a node of this database; whether there is one, is for `nodes.ts`. */
export const nodeName = label('the name of a node');

/** See {@link ReplicationProps.replicaPriorities}. */
export const replicaPriorities = z
  .record(nodeName, wholeNumber(0, 1_000_000), { error: must('a map of nodes to numbers') })
  .default({});

const maxMemory = z
  .string({ error: must('a quantity of bytes like "1Gi", or a share of the memory limit like "75%"') })
  .refine((value) => /^[1-9]\d?%$/.test(value) || bytes.safeParse(value).success, {
    error: must('a quantity of bytes like "1Gi", or a share of the memory limit like "75%"'),
  });

/** See {@link DatabaseProps}. */
export const databaseFields = {
  version: z.string({ error: must('a version in quotes, like "8.1"') }).optional(),
  image: image.optional(),
  imagePullPolicy: oneOf(['IfNotPresent', 'Always', 'Never']).default('IfNotPresent'),
  imagePullSecrets: listOf('names of Secrets', secretName, mustUnseen('a list of names of Secrets')).default([]),
  resources: resources.default({}),
  auth,
  tls,
  persistence,
  maxMemory: maxMemory.optional(),
  maxMemoryPolicy: oneOf(evictionPolicies).default('noeviction'),
  // Values are checked one by one with their names, so that one bad one hides none of the others.
  directives: z
    .record(
      z.string(),
      z.custom<string | number>(() => true),
      { error: mustBlock('a map of directives') },
    )
    .default({}),
  modules,
  externalAccess: externalAccess.optional(),
  networkPolicy: networkPolicy.optional(),
  scheduling: scheduling.default({}),
  monitoring: monitoring.prefault({}),
  backup: backup.optional(),
  archive: archive.optional(),
  restore: restore.optional(),
  fenced: listOf('names of nodes', nodeName).default([]),
  state: oneOf(['running', 'paused', 'hibernated']).default('running'),
  gitOps: oneOf(['argocd', 'flux', 'none']).default('argocd'),
  terminationGracePeriodSeconds: wholeNumber(60, 7 * 86_400).default(3600),
  clusterDomain: objectName('a domain').default('cluster.local'),
  agent: agent.default({ resources: {} }),
  labels: labelMap.default({}),
  annotations: annotationMap.default({}),
} as const;

/** See {@link ReplicatedProps}. */
export const replicatedFields = {
  services: replicatedServices,
  minReplicasToWrite: wholeNumber(0, 20).default(0),
  minReplicasMaxLagSeconds: wholeNumber(1, 3600).default(10),
} as const;

/** See {@link ReplicationProps.nodeTimeoutMs} and its namesakes. */
export const nodeTimeoutMs = wholeNumber(1000, 600_000).default(5000);
