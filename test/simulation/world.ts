import type { AgentConfig } from '../../lib/contract/agent-config';
import { newestSchema } from '../../lib/contract/render-agent-config';
import type { Pass } from '../../sidecar/repeat';
import { createNetwork, type Host } from './network';
import { createApi, type Api } from './platform';
import type { Pod } from './pod';
import { agentPort, busPort, clientPort } from './ports';
import { createRandom, type Random } from './random';
import type { Ground, Server } from './server/server';
import type { Store } from './server/store';
import { createTempo, type Tempo } from './tempo';
import { createTimeline } from './timeline';

/** Shape of a simulated database and of the machines it runs on. */
export interface Shape {
  readonly seed: number;
  readonly shards: number;
  readonly replicas: number;
  readonly hosts: number;
  readonly nodeTimeoutMs: number;
  readonly persistent: boolean;
  /** As Valkey does, see {@link Ground}. */
  readonly deletesStrays: boolean;
  /** How many shards it is to have in the end. */
  readonly scaleTo: number;
}

/** Everything there is. */
export interface World {
  readonly shape: Shape;
  /** As of now; see {@link configOf}. */
  config: AgentConfig;
  readonly tempo: Tempo;
  readonly random: Random;
  readonly ground: Ground;
  readonly hosts: readonly Host[];
  readonly api: Api;
  /** By name, those that exist now. */
  readonly pods: Map<string, Pod>;
  /** By name, the volumes that outlive their pods. */
  readonly volumes: Map<string, Store>;
  /** What the names of the pods resolve to. */
  readonly names: Map<string, string>;
  /** The newest pass of a coordinator. */
  lastPass: { readonly at: number; readonly by: string; readonly pass: Pass } | undefined;
  /** The newest pass of a coordinator over the slots. */
  lastSlotsPass: World['lastPass'];
  readonly transcript: string[];
  /** Invariants that were broken. */
  readonly broken: string[];
  /** Adds a line to the transcript. */
  readonly note: (line: string) => void;
  /** An address nobody had before. */
  readonly freshIp: () => string;
}

/** A world with machines and nothing on them. */
export function createWorld(shape: Shape, { onDropped, slotOf }: Pick<Ground, 'onDropped' | 'slotOf'>): World {
  const timeline = createTimeline();
  const random = createRandom(shape.seed);
  const transcript: string[] = [];
  let addresses = 0;
  return {
    shape,
    config: configOf(shape, shape.shards),
    tempo: createTempo(timeline),
    random,
    ground: {
      timeline,
      random,
      network: createNetwork<Server>(timeline, random),
      nodeTimeoutMs: shape.nodeTimeoutMs,
      servers: new Set(),
      onDropped,
      slotOf,
      deletesStrays: shape.deletesStrays,
    },
    hosts: Array.from({ length: shape.hosts }, (_, index) => createHost(index)),
    api: createApi(),
    pods: new Map(),
    volumes: new Map(),
    names: new Map(),
    lastPass: undefined,
    lastSlotsPass: undefined,
    transcript,
    broken: [],
    note: (line) => void transcript.push(`${(timeline.now() / 1000).toFixed(3)} ${line}`),
    freshIp: () => `10.0.${Math.floor(addresses / 250)}.${(addresses++ % 250) + 1}`,
  };
}

const createHost = (index: number): Host => ({ name: `host${index}`, zone: `zone${index % 3}`, on: true, group: 0 });

/** The contract of a database of that shape with so many shards. */
export function configOf({ replicas, nodeTimeoutMs, persistent }: Shape, shards: number): AgentConfig {
  const names = Array.from({ length: shards }, (_, index) => `s${index}`);
  return {
    schema: newestSchema,
    database: 'db',
    namespace: 'test',
    engine: { name: 'valkey', version: '8.1' },
    topology: 'cluster',
    shards: names.map((name) => ({
      name,
      nodes: Array.from({ length: replicas + 1 }, (_, index) => ({
        name: `db-${name}-${index}`,
        host: `db-${name}-${index}.db`,
      })),
    })),
    ports: { client: clientPort, bus: busPort, agent: agentPort },
    auth: 'off',
    tls: 'off',
    persistence: persistent ? 'aof' : 'off',
    nodeTimeoutMs,
  };
}
