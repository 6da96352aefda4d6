import * as z from 'zod';

import { engines, type EngineName, type Topology } from './engines';
import { keys } from './names';

/** Number of the newest schema of the document; a changed meaning gets a new one, an added field does not. */
export const newestSchema = 1;

/** Every hash slot: https://valkey.io/topics/cluster-spec/ */
export const slotCount = 16384;

const engineNames = Object.keys(engines) as [EngineName, ...EngineName[]];
const topologies = ['standalone', 'replication', 'sentinel', 'cluster', 'multi-master'] as const satisfies Topology[];

const credential = z.object({
  user: z.string(),
  /** Absolute path of a file that holds the password and nothing else. */
  passwordFile: z.string(),
});

const node = z.object({
  /** The pod's name. */
  name: z.string(),
  /** Resolves to the pod wherever it runs. */
  host: z.string(),
});

const shard = z.object({
  name: z.string(),
  nodes: z.array(node).min(1),
});

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
  ports: z.object({ client: z.int(), bus: z.int(), agent: z.int() }),
  /** Who the agent and the replicas say they are; `off` where the server asks nobody. */
  auth: z.union([z.literal('off'), z.object({ agent: credential, replication: credential })]),
  /** Certificates are in {@link paths.tls}; `clientCertificates` as in the engine's `tls-auth-clients`. */
  tls: z.union([z.literal('off'), z.object({ clientCertificates: z.enum(['required', 'optional', 'off']) })]),
  /** Which files a server loads when it starts. */
  persistence: z.enum(['aof', 'rdb', 'off']),
  /** The engine's `cluster-node-timeout`. */
  nodeTimeoutMs: z.int().positive(),
  /**
   * Whether slots are moved where the shards are not balanced, or one leaves. `paused`: what is on its way still arrives. `cancelled`: the
   * engine's own migrations are called off too. On where absent.
   */
  rebalancing: z.enum(['on', 'paused', 'cancelled']).optional(),
});

/** See {@link agentConfigSchema}. */
export type AgentConfig = z.infer<typeof agentConfigSchema>;

/** One shard of an {@link AgentConfig}. */
export type ShardConfig = z.infer<typeof shard>;

/** One node of an {@link AgentConfig}. */
export type NodeConfig = z.infer<typeof node>;

/** The data of the ConfigMap that carries the document: one key for each schema that is still read. */
export function renderAgentConfig(config: AgentConfig): Record<string, string> {
  return { [keys.agentConfig(newestSchema)]: JSON.stringify(agentConfigSchema.parse(config), null, 2) + '\n' };
}

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
