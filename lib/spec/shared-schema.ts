import * as z from 'zod';

import {
  annotationMap,
  block,
  bytes,
  cores,
  dataKey,
  labelMap,
  objectName,
  offOr,
  oneOf,
  selector,
  text,
  wholeNumber,
} from './fields';
import { must } from './problems';

const secret = block('a Secret: { name }', { name: objectName('the name of a Secret') });

const secretKey = block('a Secret: { name, key }', {
  name: objectName('the name of a Secret'),
  key: dataKey.default('password'),
});

/** See {@link ClusterProps.auth}. */
export const auth = z.union([z.literal('off'), block('{ secret: { name, key } }', { secret: secretKey })], {
  // What stands here instead may be a password: not for a log.
  error: ({ input }) =>
    `${input === undefined ? 'missing, must' : 'must'} be { secret: { name, key } } or "off"; "off" lets in everybody who reaches the port, so it is yours to say`,
});

/** See {@link ClusterProps.tls}. */
export const tls = offOr(
  block('{ secret: { name }, clientCertificates }', {
    secret,
    clientCertificates: oneOf(['required', 'optional', 'off']),
  }),
  '{ secret: { name }, clientCertificates } or "off"',
  '"off" sends passwords and data in the clear, so it is yours to say',
);

/** See {@link ClusterProps.persistence}. */
export const persistence = offOr(
  block('{ size, storageClass }', {
    size: bytes,
    storageClass: objectName('the name of a StorageClass').optional(),
  }),
  '{ size, storageClass } or "off"',
  '"off" keeps data in memory only, so it is yours to say',
);

const amounts = block('{ cpu, memory }', { cpu: cores.optional(), memory: bytes.optional() });

/** See {@link ResourcesProps}; what is left out is filled in by `resources.ts`. */
export const resources = block('{ requests, limits }', { requests: amounts.optional(), limits: amounts.optional() });

/** An image, by tag or by digest. */
export const image = z
  .string({ error: must('an image with a tag or a digest') })
  .regex(/^[^\s:@]+(:\d+)?[^\s:@]*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/, {
    error: must('an image with a tag or a digest, like "registry.example/valkey:8.1"'),
  })
  .refine((value) => /(:[\w][\w.-]*|@sha256:[0-9a-f]{64})$/.test(value) && !value.endsWith(':latest'), {
    error: must('an image with a tag or a digest', 'no tag and "latest" mean another version every other day'),
  });

/** See {@link AgentProps}. */
export const agent = block('{ image, resources }', { image: image.optional(), resources: resources.default({}) });

const toleration = block('a toleration, as in a pod', {
  key: text('the key of a taint').optional(),
  operator: oneOf(['Equal', 'Exists']).optional(),
  value: text('the value of a taint').optional(),
  effect: oneOf(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
  tolerationSeconds: wholeNumber(0, 2 ** 31 - 1).optional(),
});

/** See {@link SchedulingProps}. */
export const scheduling = block('{ nodeSelector, tolerations, priorityClassName }', {
  nodeSelector: selector.optional(),
  tolerations: z.array(toleration, { error: must('a list of tolerations') }).optional(),
  priorityClassName: objectName('the name of a PriorityClass').optional(),
});

/** Fields that every topology has. */
export const sharedFields = {
  version: z.string({ error: must('a version in quotes, like "8.1"') }).optional(),
  image: image.optional(),
  imagePullSecrets: z
    .array(objectName('the name of a Secret'), { error: must('a list of names of Secrets') })
    .default([]),
  resources: resources.default({}),
  auth,
  tls,
  persistence,
  maxMemory: bytes.optional(),
  maxMemoryPolicy: oneOf([
    'noeviction',
    'allkeys-lru',
    'allkeys-lfu',
    'allkeys-random',
    'volatile-lru',
    'volatile-lfu',
    'volatile-random',
    'volatile-ttl',
  ]).default('noeviction'),
  // Values are checked one by one with their names, so that one bad one hides none of the others.
  directives: z
    .record(
      z.string(),
      z.custom<string | number>(() => true),
      { error: must('a map of directives') },
    )
    .default({}),
  terminationGracePeriodSeconds: wholeNumber(60, 7 * 86_400).default(3600),
  clusterDomain: objectName('a domain').default('cluster.local'),
  agent: agent.default({ resources: {} }),
  labels: labelMap.default({}),
  annotations: annotationMap.default({}),
  scheduling: scheduling.default({}),
} as const;
