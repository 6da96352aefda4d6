import type { AgentConfig, NodeConfig } from '../lib/contract/agent-config';
import type { AddressBook, Clock, Sentinels } from './edges';
import { atService } from './own-node';
import { sentinelId } from './sentinel-id';
import type { SentinelView } from './view';
import { within } from './within';

/** What it takes to look at the Sentinels of a database. */
export interface SentinelSources {
  readonly config: () => AgentConfig;
  readonly book: AddressBook;
  readonly sentinels: Sentinels;
  readonly clock: Clock;
  /** As of a look at the nodes. */
  readonly answerMs?: () => number;
}

/** Looks at every Sentinel, all at once; nobody where there are none. */
export async function observeSentinels(sources: SentinelSources): Promise<SentinelView[] | undefined> {
  const { sentinel } = sources.config();
  return sentinel && Promise.all(sentinel.nodes.map((node) => observeSentinel(sources, node)));
}

async function observeSentinel(sources: SentinelSources, node: NodeConfig): Promise<SentinelView> {
  const { config, book, sentinels, clock, answerMs = () => Infinity } = sources;
  const base = { name: node.name, id: sentinelId(config(), node.name) };
  const [address, announced] = await Promise.all([book.locate(node), book.locate(atService(node))]);
  const places = { ...(address ? { address } : {}), ...(announced ? { announced } : {}) };
  if (!address) return { ...base, ...places, state: 'unreachable', reason: `${node.host} has no address` };
  const ms = answerMs();
  const late = { state: 'unreachable', reason: `no answer within ${ms} ms` } as const;
  return { ...base, ...places, ...(await within(clock, ms, sentinels.of(node, address).look(), late)) };
}
