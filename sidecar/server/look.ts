import type Redis from 'ioredis';

import { can } from '../../lib/contract/engines';
import type { AgentConfig } from '../../lib/contract/agent-config';
import type { ClusterView, ServerUp } from '../view';
import { parseClusterNodes } from './cluster-nodes';
import { parseFields, parseInfo } from './info';

/** Sections of INFO that hold what we read; the whole of it is three times as long. */
const sections = ['server', 'clients', 'memory', 'persistence', 'replication'];

/**
 * Looks at one server, again and again. Rejects where it does not answer as it should.
 *
 * What may be asked is taken from the version that the server itself said last: while an upgrade goes on, not every server
 * is of the engine of the configuration.
 */
export function createLook(readConfig: () => AgentConfig): (redis: Redis) => Promise<ServerUp> {
  let version: string | undefined;
  return async (redis) => {
    const config = readConfig();
    const severalAtOnce = version !== undefined && can({ name: config.engine.name, version }, 'severalAtOnce');
    version = undefined;
    const view = await look(redis, config, severalAtOnce);
    version = view.version;
    return view;
  };
}

/** Everything in one round trip, in few commands: each costs. While a server loads its files it answers INFO and refuses the rest. */
async function look(redis: Redis, config: AgentConfig, severalAtOnce: boolean): Promise<ServerUp> {
  const clustered = config.topology === 'cluster';
  const inOne = (command: readonly string[], names: readonly string[]): string[][] =>
    severalAtOnce ? [[...command, ...names]] : names.map((name) => [...command, name]);
  const infos = inOne(['INFO'], sections);
  const settings = clustered ? inOne(['CONFIG', 'GET'], directives) : [];
  const pipeline = redis.pipeline();
  const clusterCommands = clustered ? clusterQuestions : [];
  for (const [name, ...args] of [...infos, ...clusterCommands, ...settings]) pipeline.call(name, ...args);
  const replies = ((await pipeline.exec()) ?? []) as [Error | null, unknown][];
  const facts = parseInfo(replies.slice(0, infos.length).map(text).join('\r\n'));
  if (!clustered || facts.loading) return { state: 'up', ...facts };
  const [clusterInfo, clusterNodes, ...values] = replies.slice(infos.length).map(replyOf);
  const valueOf = parseSettings(values);
  const cluster = {
    ...parseCluster(String(clusterInfo), String(clusterNodes)),
    nodeTimeoutMs: Number(valueOf('cluster-node-timeout')),
    replicationUser: valueOf('masteruser'),
  };
  return { state: 'up', ...facts, cluster };
}

const clusterQuestions = [
  ['CLUSTER', 'INFO'],
  ['CLUSTER', 'NODES'],
] as const;

const directives = ['cluster-node-timeout', 'masteruser'] as const;

/** Replies of `CONFIG GET`: names and values by turns, in an order of the server's own. */
function parseSettings(replies: readonly unknown[]): (directive: (typeof directives)[number]) => string {
  const texts = replies.flat().map(String);
  const values = new Map(texts.map((name, index) => [index % 2 === 0 ? name : '', texts[index + 1] ?? '']));
  return (directive) => values.get(directive) ?? '';
}

function replyOf(reply: [Error | null, unknown] | undefined): unknown {
  if (!reply) throw new Error('the connection was lost');
  if (reply[0]) throw reply[0];
  return reply[1];
}

const text = (reply: [Error | null, unknown] | undefined): string => String(replyOf(reply));

function parseCluster(info: string, nodes: string): Omit<ClusterView, 'nodeTimeoutMs' | 'replicationUser'> {
  const fields = parseFields(info);
  const table = parseClusterNodes(nodes);
  const myself = table.find((entry) => entry.myself);
  if (!myself) throw new Error('CLUSTER NODES has no line of the server itself');
  return {
    id: myself.id,
    ok: fields.get('cluster_state') === 'ok',
    currentEpoch: Number(fields.get('cluster_current_epoch') ?? 0),
    slotsAssigned: Number(fields.get('cluster_slots_assigned') ?? 0),
    table,
  };
}
