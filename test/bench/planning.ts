import { judge } from '../../sidecar/health';
import { planDatabase } from '../../sidecar/plan';
import { parseClusterNodes } from '../../sidecar/server/cluster-nodes';
import type { Address, DatabaseView, NodeView } from '../../sidecar/view';
import { clusterConfig } from '../sidecar/support/config';
import { cluster, up } from '../sidecar/support/views';
import { median, type Figure } from './figure';

/** The largest cluster that the specification of the engine's bus recommends: some 1,000 nodes. */
const [shards, nodesPerShard] = [334, 3];
const slots = 16_384;

const rounds = 9;

const ports = { client: 6379, bus: 16379, agent: 8379 } as const;

/** Longest that planning may take, and a whole cycle without what passes on the network. Milliseconds. */
const [mostMs, mostCycleMs] = [50, 1000];

/** What a coordinator makes of a thousand nodes of which each knows every other: of what they say, and once it knows that. */
export function planning(): Promise<readonly Figure[]> {
  const config = clusterConfig(shards, nodesPerShard - 1);
  const names = config.shards.flatMap(({ nodes }) => nodes.map(({ name }) => name));
  const tookMs = Array.from({ length: rounds }, () => {
    const { view, parseMs } = lookAtAll(names);
    const began = performance.now();
    const actions = planDatabase(view, config);
    const planned = performance.now();
    const { health } = judge(config, view);
    if (actions.length > 0 || health !== 'Healthy') throw new Error(`the cluster of the bench is ${health}`);
    return { parse: parseMs, plan: planned - began, all: performance.now() - began };
  });
  const [parse, plan, all] = (['parse', 'plan', 'all'] as const).map((key) =>
    median(tookMs.map((round) => round[key])),
  );
  console.log(
    `${names.length} nodes: tables read in ${parse!.toFixed(0)} ms, planned in ${plan!.toFixed(0)} ms, with the status ${all!.toFixed(0)} ms`,
  );
  return Promise.resolve([
    { name: 'planning', ratio: plan! / mostMs, goal: 1 },
    { name: 'planning-cycle', ratio: (parse! + all!) / mostCycleMs, goal: 1 },
  ]);
}

/** As every server would answer now. */
function lookAtAll(names: readonly string[]): { readonly view: DatabaseView; readonly parseMs: number } {
  const nowMs = Date.now();
  const lines = names.map((name, index) => lineOf(name, index, nowMs));
  let parseMs = 0;
  const nodes = names.map((name, index): NodeView => {
    const text = lines.map((line, other) => (other === index ? line.replace(roles, 'myself,$1') : line));
    const began = performance.now();
    const table = parseClusterNodes(text.join('\n'), nowMs);
    parseMs += performance.now() - began;
    const server = up({ ...cluster(name, []), table });
    const shard = name.split('-')[0]!;
    const agent = { node: name, id: name, server: 'up', ending: false, disk: { hasData: true } } as const;
    return { name, shard, address: addressOf(index), ending: false, agent: { ...agent, host: '', zone: '' }, server };
  });
  return { view: { nodes, strangers: {} }, parseMs };
}

const roles = /(?<= )(master|slave)(?= )/;

const addressOf = (index: number): Address => ({ ip: `10.0.${index >> 8}.${index & 255}`, ...ports });

/** https://valkey.io/commands/cluster-nodes/ */
function lineOf(name: string, index: number, nowMs: number): string {
  const shard = Math.floor(index / nodesPerShard);
  const primary = index % nodesPerShard === 0;
  const [first, next] = [shard, shard + 1].map((each) => Math.floor((each * slots) / shards)) as [number, number];
  const { ip, client, bus } = addressOf(index);
  const place = `${ip}:${client}@${bus},${name}.db,,shard-id=${'0'.repeat(40)}`;
  const role = primary ? 'master -' : `slave s${shard}-0`;
  const pong = nowMs - 10 * index;
  return `${name} ${place} ${role} 0 ${pong} ${shard + 1} connected${primary ? ` ${first}-${next - 1}` : ''}`;
}
