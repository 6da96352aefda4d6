import type Redis from 'ioredis';

import { can, hasRecord } from '../../lib/contract/engines';
import type { AgentConfig } from '../../lib/contract/agent-config';
import type { ClusterView, ServerUp } from '../view';
import { parseClusterNodes } from './cluster-nodes';
import { parseCopy, parseFields, parseInfo, parseSource } from './info';
import { parseMesh } from './links';

/** Sections of INFO that hold what we read; the whole of it is three times as long. */
const sections = ['server', 'clients', 'memory', 'persistence', 'replication'];

/** What else is asked of a server, by its topology. */
interface Questions {
  readonly sections: readonly string[];
  readonly commands: readonly (readonly [string, ...string[]])[];
  readonly directives: readonly string[];
}

const ofCopies: Questions = { sections: ['keyspace'], commands: [], directives: ['min-replicas-to-write'] };

const questions: Partial<Record<AgentConfig['topology'], Questions>> = {
  cluster: {
    sections: [],
    commands: [
      ['CLUSTER', 'INFO'],
      ['CLUSTER', 'NODES'],
    ],
    directives: ['cluster-node-timeout', 'masteruser', 'min-replicas-to-write'],
  },
  standalone: ofCopies,
  replication: ofCopies,
  sentinel: ofCopies,
};

const none: Questions = { sections: [], commands: [], directives: [] };

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
    try {
      const view = await look(redis, config, severalAtOnce);
      version = view.version;
      return view;
    } catch (error) {
      version = undefined;
      throw error;
    }
  };
}

/** Everything in one round trip, in few commands: each costs. While a server loads its files it answers INFO and refuses the rest. */
async function look(redis: Redis, config: AgentConfig, severalAtOnce: boolean): Promise<ServerUp> {
  const more = questions[config.topology] ?? none;
  const inOne = (command: readonly string[], names: readonly string[]): string[][] =>
    severalAtOnce ? [[...command, ...names]] : names.map((name) => [...command, name]);
  const infos = inOne(['INFO'], [...sections, ...more.sections]);
  const settings = more.directives.length > 0 ? inOne(['CONFIG', 'GET'], more.directives) : [];
  const pipeline = redis.pipeline();
  for (const [name, ...args] of [...infos, ...more.commands, ...settings]) pipeline.call(name, ...args);
  const replies = ((await pipeline.exec()) ?? []) as [Error | null, unknown][];
  const info = replies.slice(0, infos.length).map(text).join('\r\n');
  const facts = parseInfo(info);
  if (config.topology === 'multi-master') return { state: 'up', ...facts, ...parseMesh(facts, info) };
  if (facts.loading) return { state: 'up', ...facts };
  const answers = replies.slice(infos.length).map(replyOf);
  const values = parseSettings(answers.slice(more.commands.length));
  if (config.topology === 'standalone' || hasRecord(config.topology)) {
    return {
      state: 'up',
      ...facts,
      copy: { ...parseCopy(info), floor: Number(values.get('min-replicas-to-write') ?? '') },
    };
  }
  if (config.topology !== 'cluster') return { state: 'up', ...facts };
  const [clusterInfo, clusterNodes] = answers;
  const fields = parseFields(info);
  const { from } = parseSource(fields);
  const cluster = {
    ...parseCluster(String(clusterInfo), String(clusterNodes), timeOf(fields)),
    nodeTimeoutMs: Number(values.get('cluster-node-timeout') ?? ''),
    replicationUser: values.get('masteruser') ?? '',
    replicasToWrite: Number(values.get('min-replicas-to-write') ?? ''),
    ...(from ? { copiesFrom: from } : {}),
  };
  return { state: 'up', ...facts, cluster };
}

/** Replies of `CONFIG GET`: names and values by turns, in an order of the server's own. */
function parseSettings(replies: readonly unknown[]): ReadonlyMap<string, string> {
  const texts = replies.flat().map(String);
  return new Map(texts.flatMap((name, index) => (index % 2 === 0 ? [[name, texts[index + 1] ?? ''] as const] : [])));
}

function replyOf(reply: [Error | null, unknown] | undefined): unknown {
  if (!reply) throw new Error('the connection was lost');
  if (reply[0]) throw reply[0];
  return reply[1];
}

const text = (reply: [Error | null, unknown] | undefined): string => String(replyOf(reply));

/** The server's own clock in milliseconds. */
function timeOf(fields: ReadonlyMap<string, string>): number | undefined {
  const micros = fields.get('server_time_usec');
  return micros === undefined ? undefined : Number(micros) / 1000;
}

/** What a server says in answers of its own, and not as settings. */
type OwnAccount = Pick<ClusterView, 'id' | 'ok' | 'currentEpoch' | 'slotsAssigned' | 'table'>;

function parseCluster(info: string, nodes: string, nowMs: number | undefined): OwnAccount {
  const fields = parseFields(info);
  const table = parseClusterNodes(nodes, nowMs);
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
