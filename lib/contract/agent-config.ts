import * as z from 'zod';

import { engines, type EngineName, type Topology } from './engines';
import { keys } from './names';
import { newestSchema } from './render-agent-config';

const engineNames = Object.keys(engines) as [EngineName, ...EngineName[]];
const topologies = ['standalone', 'replication', 'sentinel', 'cluster', 'multi-master'] as const satisfies Topology[];

const secret = z.object({
  /** Absolute path of a file that holds the password and nothing else. */
  passwordFile: z.string(),
});

const credential = secret.extend({ user: z.string() });

const exporterAccess = z.object({
  user: z.string(),
  /** Absolute path of a file that the agent makes: the exporter's password by address, as JSON. */
  passwordsFile: z.string(),
  /** How the exporter names the server: `redis://localhost:6379`. */
  address: z.string(),
});

const node = z.object({
  /** The pod's name. */
  name: z.string(),
  /** Resolves to the pod wherever it runs. */
  host: z.string(),
  /** In `sentinel`: a Service of its own, whose address stays when the pod's does not. Announced to everybody. */
  service: z.string().optional(),
});

const shard = z.object({
  name: z.string(),
  nodes: z.array(node).min(1),
});

const s3 = z.object({
  bucket: z.string(),
  prefix: z.string().optional(),
  endpoint: z.string().optional(),
  region: z.string(),
  addressing: z.enum(['path', 'host']),
  /** Folder with `accessKeyId`, `secretAccessKey` and, where there is one, `sessionToken` and the store's authority, `ca.crt`. */
  credentials: z.string(),
});

/** An object store, or an absolute path of a folder. */
const destination = z.union([z.object({ s3 }), z.object({ folder: z.string() })]);

const retention = z.object({ count: z.int().positive().optional(), days: z.int().positive().optional() });

const user = z.object({
  name: z.string(),
  passwordFile: z.string(),
  /** Keys, channels and commands, in the engine's own words. */
  rules: z.array(z.string()),
});

/**
 * How the agent and the replicas prove themselves, the latter as {@link replicationUser}, and everybody else whom the server knows. The
 * file of both holds the database's password, with which clients sign in as `default`; the agents make their own and the replicas' of it.
 */
const accounts = z.object({
  agent: credential,
  replication: secret,
  exporter: exporterAccess.optional(),
  users: z.array(user).optional(),
  /** Absolute path of an ACL file with further users. */
  usersFile: z.string().optional(),
  /** Commands and categories taken from `default` and from `users`. */
  deniedCommands: z.array(z.string()).optional(),
  /** Seconds for which a password that was replaced goes on working. */
  overlapSeconds: z.int().nonnegative().optional(),
});

const sentinel = z.object({
  /** The name under which the primary is monitored. */
  master: z.string(),
  quorum: z.int().positive(),
  failoverTimeoutMs: z.int().positive(),
  parallelSyncs: z.int().positive(),
  nodes: z.array(node),
});

const upgrade = z.object({
  strategy: z.enum(['RollingUpdate', 'Recreate']),
  maxUnavailable: z.int().positive(),
  validationTimeoutSeconds: z.int().positive(),
  supervised: z.boolean(),
});

const endpoint = z.object({ host: z.string(), port: z.int() });

/**
 * What the chart tells the agent: the one document between the two halves.
 * Unknown fields are ignored, so that an added field needs no new schema number.
 */
export const agentConfigSchema = z.object({
  schema: z.literal(newestSchema),
  database: z.string(),
  namespace: z.string(),
  engine: z.object({ name: z.enum(engineNames), version: z.string() }),
  topology: z.enum(topologies),
  shards: z.array(shard).min(1),
  ports: z.object({ client: z.int(), bus: z.int(), agent: z.int(), sentinel: z.int().optional() }),
  /** `off` where the server asks nobody; replicas sign in as {@link replicationUser} all the same. */
  auth: z.union([z.literal('off'), accounts]),
  /** Certificates are in {@link paths.tls}; `clientCertificates` as in the engine's `tls-auth-clients`. */
  tls: z.union([z.literal('off'), z.object({ clientCertificates: z.enum(['required', 'optional', 'off']) })]),
  /** Which files a server loads when it starts. */
  persistence: z.enum(['aof', 'rdb', 'off']),
  /** Silence after which a node counts as lost; the engine's `cluster-node-timeout`. */
  nodeTimeoutMs: z.int().positive(),
  /**
   * Whether slots are moved where the shards are not balanced, or one leaves. `paused`: what is on its way still arrives. `cancelled`: the
   * engine's own migrations are called off too. On where absent.
   */
  rebalancing: z.enum(['on', 'paused', 'cancelled']).optional(),
  /** What the database is to do; `running` where it is missing. */
  state: z.enum(['running', 'paused', 'hibernated']).optional(),
  /** Nodes that serve nobody. */
  fenced: z.array(z.string()).optional(),
  /** Nodes that are to be primaries, at most one a shard; in `multi-master` the one that writers are sent to. */
  primaries: z.array(z.string()).optional(),
  /** `replica-priority` of single nodes; 100 of every other. */
  replicaPriorities: z.record(z.string(), z.int().nonnegative()).optional(),
  /** In `sentinel`. */
  sentinel: sentinel.optional(),
  /** A primary elsewhere that the database follows. */
  replicaOf: endpoint.extend({ auth: z.union([z.literal('off'), credential]), tls: z.enum(['on', 'off']) }).optional(),
  /** In `multi-master`: nodes of the mesh that are not of this database. */
  peers: z.array(endpoint).optional(),
  /** The engine's `min-replicas-to-write`, which a planned restart of a shard's only replica lowers for its time. */
  minReplicasToWrite: z.int().nonnegative().optional(),
  /** How pods are replaced. */
  upgrade: upgrade.optional(),
  /** Bytes of each volume that the spec asks for, where the claim template has fewer. */
  volumeBytes: z.int().positive().optional(),
  /** Absolute paths of the modules that each server loads. */
  modules: z.array(z.string()).optional(),
  /** In `cluster`: clients are told the address of a Service of each node instead of its own. `{node}` in `host` is the node's name. */
  externalAccess: z.object({ type: z.enum(['NodePort', 'LoadBalancer']), host: z.string().optional() }).optional(),
  backup: z
    .object({
      destination,
      retention: retention.optional(),
      source: z.enum(['replica', 'primary']),
      /** Retention of the schedules that have one of their own. */
      schedules: z.array(z.object({ name: z.string(), retention: retention.optional() })),
    })
    .optional(),
  archive: z
    .object({ destination, maxDelaySeconds: z.int().positive(), retentionDays: z.int().positive().optional() })
    .optional(),
  /** What an empty database starts from: `time` in UTC, or the name of a backup. */
  restore: z
    .object({
      source: destination,
      database: z.string(),
      from: z.union([z.object({ backup: z.string() }), z.object({ time: z.string() })]),
    })
    .optional(),
});

/** See {@link agentConfigSchema}. */
export type AgentConfig = z.infer<typeof agentConfigSchema>;

/** A bucket, and what proves the agents to it. */
export type S3Config = z.infer<typeof s3>;

/** Where backups go. */
export type BackupDestination = z.infer<typeof destination>;

/** How an exporter gets into the server beside it. */
export type ExporterAccess = z.infer<typeof exporterAccess>;

/** One shard of an {@link AgentConfig}. */
export type ShardConfig = z.infer<typeof shard>;

/** One node of an {@link AgentConfig}. */
export type NodeConfig = z.infer<typeof node>;

/**
 * Reads the newest document this code understands.
 *
 * @param read gives the text behind a key, or undefined where there is none
 * @throws Error that names the key and every problem
 */
export function parseAgentConfig(read: (key: string) => string | undefined): AgentConfig {
  const key = keys.agentConfig(newestSchema);
  const text = read(key);
  if (text === undefined) {
    throw new Error(
      `agent configuration: no "${key}"; this agent reads schema ${newestSchema}, use an agent image that matches the manifests`,
    );
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new Error(`agent configuration: "${key}" is not JSON: ${(error as Error).message}`, { cause: error });
  }
  const result = agentConfigSchema.safeParse(document);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`agent configuration: "${key}" is not understood: ${problems.join('; ')}`);
  }
  return result.data;
}
