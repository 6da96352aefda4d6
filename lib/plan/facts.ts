import * as z from 'zod';

import { engines, type Engine, type EngineName, type Topology } from '../contract/engines';
import { keys } from '../contract/names';
import { at, type Manifest } from './manifest';

/** What the agents are told of a database, as far as a plan needs it. */
export interface Facts {
  readonly engine: Engine;
  readonly topology: Topology;
  readonly shards: readonly ShardFacts[];
  /** Data outlives its pod. */
  readonly persistent: boolean;
  readonly encrypted: boolean;
  readonly password: boolean;
  /** Bytes that volumes are to have, where that is not what they are made with. */
  readonly volumeBytes?: number;
  readonly upgrade?: UpgradeFacts;
  readonly state: string;
  readonly fenced: readonly string[];
  /** Nodes that are to be primaries. */
  readonly primaries: readonly string[];
  /** Host of a primary elsewhere that the database follows. */
  readonly follows?: string;
}

/** How pods are replaced. */
export interface UpgradeFacts {
  readonly strategy: string;
  readonly maxUnavailable: number;
  readonly supervised: boolean;
}

/** One shard and its pods, in the order of their ordinals. */
export interface ShardFacts {
  readonly name: string;
  readonly pods: readonly string[];
}

const engineNames = Object.keys(engines) as [EngineName, ...EngineName[]];
const topologies = ['standalone', 'replication', 'sentinel', 'cluster', 'multi-master'] as const satisfies Topology[];

/** Not the contract's own schema: manifests of other versions of this package are compared too. */
const schema = z.looseObject({
  engine: z.looseObject({ name: z.enum(engineNames), version: z.string() }),
  topology: z.enum(topologies),
  shards: z.array(z.looseObject({ name: z.string(), nodes: z.array(z.looseObject({ name: z.string() })) })),
  persistence: z.unknown(),
  tls: z.unknown(),
  auth: z.unknown(),
  volumeBytes: z.number().optional(),
  upgrade: z.looseObject({ strategy: z.string(), maxUnavailable: z.number(), supervised: z.boolean() }).optional(),
  state: z.string().default('running'),
  fenced: z.array(z.string()).default([]),
  primaries: z.array(z.string()).default([]),
  replicaOf: z.looseObject({ host: z.string() }).optional(),
});

/** Reads the newest document of a database's agents, whatever its schema number; undefined where the object holds none. */
export function readFacts(agentConfig: Manifest): Facts | undefined {
  const document = newestDocument(at(agentConfig, 'data'));
  const parsed = schema.safeParse(document);
  if (!parsed.success) return undefined;
  const { engine, shards, persistence, tls, auth, replicaOf, ...rest } = parsed.data;
  return {
    ...rest,
    engine: { name: engine.name, version: engine.version },
    shards: shards.map(({ name, nodes }) => ({ name, pods: nodes.map((node) => node.name) })),
    persistent: persistence !== 'off',
    encrypted: tls !== 'off',
    password: auth !== 'off',
    ...(replicaOf ? { follows: replicaOf.host } : {}),
  };
}

function newestDocument(data: unknown): unknown {
  const texts = (data ?? {}) as Readonly<Record<string, unknown>>;
  const highest = Object.keys(texts)
    .map((key) => Number(/^agent-config\.v(\d+)\.json$/.exec(key)?.[1] ?? 0))
    .reduce((most, number) => Math.max(most, number), 0);
  const text = texts[keys.agentConfig(highest)];
  try {
    return typeof text === 'string' ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return undefined;
  }
}
