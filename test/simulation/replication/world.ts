import type { AgentConfig } from '../../../lib/contract/agent-config';
import { newestSchema } from '../../../lib/contract/render-agent-config';
import type { StartRole } from '../../../sidecar/action';
import type { Orders } from '../../../sidecar/edges';
import type { PrimaryRecord } from '../../../sidecar/view';
import type { Host } from '../network';
import { createApi, type Api } from '../platform';
import { createRandom, type Random } from '../random';
import { createTempo, type Tempo } from '../tempo';
import { createTimeline, type Timeline } from '../timeline';
import { keepCopying, sourceServer, startModelServer, takesWrites, type ModelServer } from './server';
import { gateHost } from '../../../sidecar/view-source';
import type { ModelAgent } from './agent';

/** A pod: volume, files between server and agent, and both processes. */
export interface ModelPod {
  readonly name: string;
  readonly host: Host;
  /** As it has reached this pod. */
  config: AgentConfig;
  agent: ModelAgent | undefined;
  /** On the volume. */
  stored: { log: readonly number[]; hasData: boolean; last: Pick<PrimaryRecord, 'epoch' | 'primary'> | undefined };
  start: string;
  role: StartRole | undefined;
  stopping: boolean;
  released: boolean;
  orders: Orders | undefined;
  readonly watchers: Set<() => void>;
  readonly lost: Set<() => void>;
}

/** One write that a server has acknowledged. */
export interface Acknowledged {
  readonly id: number;
  /** A replica had it too when its client asked. */
  confirmed: boolean;
}

/** Everything there is. */
export interface ModelWorld {
  readonly config: AgentConfig;
  readonly timeline: Timeline;
  readonly tempo: Tempo;
  readonly random: Random;
  readonly api: Api;
  readonly pods: ReadonlyMap<string, ModelPod>;
  readonly servers: Map<string, ModelServer>;
  readonly writes: Acknowledged[];
  readonly broken: string[];
  readonly transcript: string[];
  readonly note: (line: string) => void;
}

/** How a database is made. */
export interface ModelShape {
  readonly seed: number;
  readonly replicas: number;
  readonly nodeTimeoutMs: number;
  readonly persistent: boolean;
}

/** Machines with a pod each, in which nothing runs yet. */
export function createModelWorld({ seed, replicas, nodeTimeoutMs, persistent }: ModelShape): ModelWorld {
  const timeline = createTimeline();
  const transcript: string[] = [];
  const nodes = Array.from({ length: replicas + 1 }, (_, index) => ({ name: `n${index}`, host: `n${index}.db` }));
  const config: AgentConfig = {
    schema: newestSchema,
    database: 'db',
    namespace: 'test',
    engine: { name: 'valkey', version: '8.1' },
    topology: 'replication',
    shards: [{ name: 'server', nodes }],
    ports: { client: 6379, bus: 16379, agent: 8379 },
    auth: 'off',
    tls: 'off',
    persistence: persistent ? 'aof' : 'off',
    nodeTimeoutMs,
  };
  return {
    config,
    timeline,
    tempo: createTempo(timeline),
    random: createRandom(seed),
    api: createApi(),
    pods: new Map(nodes.map(({ name }) => [name, createModelPod(name, config)])),
    servers: new Map(),
    writes: [],
    broken: [],
    transcript,
    note: (line) => void transcript.push(`${(timeline.now() / 1000).toFixed(3)} ${line}`),
  };
}

const createModelPod = (name: string, config: AgentConfig): ModelPod => ({
  name,
  config,
  host: { name, zone: '', on: true, group: 0 },
  agent: undefined,
  stored: { log: [], hasData: false, last: undefined },
  start: '1',
  role: undefined,
  stopping: false,
  released: false,
  orders: undefined,
  watchers: new Set(),
  lost: new Set(),
});

/** Starts the server of a pod, as its agent has permitted. */
export function permitModelServer(world: ModelWorld, pod: ModelPod, start: string): void {
  const { servers, timeline, random, config } = world;
  if (start !== pod.start || servers.has(pod.name) || !pod.host.on) return;
  const follows = typeof pod.role === 'object' ? nodeAt(pod.role.follow.ip) : undefined;
  const log = config.persistence === 'off' ? [] : pod.stored.log;
  const server = startModelServer(random, { name: pod.name, host: pod.host, log, follows, floor: 1e9 });
  servers.set(pod.name, server);
  keepCopying(server, servers, timeline, random);
}

/** Node names stand for addresses: `ip of n0`. */
export const addressOf = (name: string): string => `ip of ${name}`;

/** Whose address it is. */
export const nodeAt = (ip: string): string => (ip === gateHost ? sourceServer : ip.replace('ip of ', ''));

/** Ends the process of a pod's server, and has its container ask for another start. */
export function killServer(world: ModelWorld, pod: ModelPod): void {
  const server = world.servers.get(pod.name);
  if (server) {
    world.servers.delete(pod.name);
    if (world.config.persistence !== 'off') pod.stored = { ...pod.stored, log: server.log, hasData: true };
  }
  pod.start = world.random.hex(6);
  for (const lost of pod.lost) world.timeline.after(1, lost);
  for (const watcher of pod.watchers) world.timeline.after(1, watcher);
}

/** Writers everywhere: each node is written to, by somebody who reaches it. Checks that no two take writes. */
export function startModelClients(world: ModelWorld): () => void {
  const { timeline, servers, writes, random } = world;
  let [count, newestTerm, stopped] = [0, 0, false];
  const write = (): void => {
    if (stopped) return;
    for (const server of servers.values()) {
      if (!takesWrites(server, timeline.now())) continue;
      if (server.term < newestTerm) {
        world.broken.push(`at ${timeline.now()} ${server.name} takes a write after its successor has taken one`);
      }
      newestTerm = Math.max(newestTerm, server.term);
      const acknowledged: Acknowledged = { id: count++, confirmed: false };
      server.log.push(acknowledged.id);
      writes.push(acknowledged);
      timeline.after(random.between(5, 60), () => confirm(server, acknowledged));
    }
    timeline.after(random.between(3, 9), write);
  };
  /** `WAIT 1` is answered by replicas that are linked to the server now. */
  const confirm = (server: ModelServer, acknowledged: Acknowledged): void => {
    if (servers.get(server.name) !== server || server.follows !== undefined || server.hangs) return;
    acknowledged.confirmed = [...servers.values()].some(
      ({ follows, linkUp, log, history }) =>
        follows === server.name && linkUp && history === server.history && log.includes(acknowledged.id),
    );
  };
  write();
  return () => void (stopped = true);
}
