import * as z from 'zod';

/** The parts of Kubernetes objects that say what runs, with which files. Everything else is left out when read. */
const items = z.array(z.object({ key: z.string(), path: z.string() })).optional();

const volume = z.object({
  name: z.string(),
  emptyDir: z.object({}).optional(),
  configMap: z.object({ name: z.string(), items }).optional(),
  secret: z.object({ secretName: z.string(), items }).optional(),
  projected: z
    .object({
      sources: z.array(
        z.object({
          configMap: z.object({ name: z.string(), items }).optional(),
          secret: z.object({ name: z.string(), items }).optional(),
        }),
      ),
    })
    .optional(),
});

const environment = z.array(
  z.object({
    name: z.string(),
    value: z.string().optional(),
    valueFrom: z.object({ fieldRef: z.object({ fieldPath: z.string() }).optional() }).optional(),
  }),
);

const container = z.object({
  name: z.string(),
  command: z.array(z.string()).default([]),
  args: z.array(z.string()).default([]),
  env: environment.default([]),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })).default([]),
  lifecycle: z
    .object({ preStop: z.object({ exec: z.object({ command: z.array(z.string()) }).optional() }).optional() })
    .optional(),
});

const meta = z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) });

const texts = z.record(z.string(), z.string()).default({});

/** A StatefulSet. */
export const statefulSetSchema = z.object({
  metadata: meta,
  spec: z.object({
    replicas: z.int().default(1),
    template: z.object({
      spec: z.object({
        containers: z.array(container),
        initContainers: z.array(container).default([]),
        volumes: z.array(volume).default([]),
      }),
    }),
    volumeClaimTemplates: z.array(z.object({ metadata: z.object({ name: z.string() }) })).default([]),
  }),
});

/** A ConfigMap. */
export const configMapSchema = z.object({ metadata: meta, data: texts });

/** A Secret; `data` is in Base64. */
export const secretSchema = z.object({ metadata: meta, data: texts, stringData: texts });

/** See {@link statefulSetSchema}. */
export type StatefulSet = z.infer<typeof statefulSetSchema>;

/** One container of a {@link StatefulSet}. */
export type Container = z.infer<typeof container>;

/** One volume of a {@link StatefulSet}. */
export type Volume = z.infer<typeof volume>;
