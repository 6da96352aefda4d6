import type { AgentConfig } from '../lib/contract/agent-config';
import { lagFrom, type Finding } from './findings';
import { inOffice, running, type Copy } from './steps/replication/copies';
import { newestRecord } from './steps/replication/newest-record';
import { whyNotFollowed } from './steps/source/toward-source';
import type { DatabaseView, NodeView, SourceLink } from './view';
import { sourceName } from './view-source';

/** The primary elsewhere that a database follows, as its status has it. */
export interface SourceStatus {
  /** `HOST:PORT` */
  readonly name: string;
  /** Node that copies it, for all others; absent where none does. */
  readonly node?: string;
  /** `refused`: the database has data of its own, and does not follow. */
  readonly state: 'linked' | 'copying' | 'away' | 'refused';
  /** How far the node is behind it; absent where that is not known. */
  readonly lagBytes?: number;
  /** Bytes of a copy of everything that have arrived, while one is on its way. */
  readonly copiedBytes?: number;
  /** Seconds since anything was heard of it over the link; absent where there has been none. */
  readonly silentSeconds?: number;
  /** Why nothing is copied. */
  readonly reason?: string;
}

/** A link that was never up has been silent since 1970. Seconds. */
const ever = 1_000_000_000;

/** Judges the link to the source; undefined where there is neither a link nor anybody to follow. */
export function judgeSource({ replicaOf }: AgentConfig, view: DatabaseView): SourceStatus | undefined {
  const node = followerIn(view);
  const name = node?.agent?.source?.name ?? (replicaOf && sourceName(replicaOf));
  if (name === undefined) return undefined;
  const link = node && running(node.server)!.copy.source;
  if (!link) return withoutLink(name, view);
  const { silentSeconds, copiedBytes, up } = link;
  return {
    name,
    node: node.name,
    state: up ? 'linked' : copiedBytes === undefined ? 'away' : 'copying',
    ...lagOf(node),
    ...(copiedBytes === undefined ? {} : { copiedBytes }),
    ...(silentSeconds < ever ? { silentSeconds } : {}),
    ...(up || copiedBytes !== undefined ? {} : { reason: whyAway(node, link) }),
  };
}

/** Whoever was replaced a moment ago may not have heard of it yet. */
function followerIn(view: DatabaseView): NodeView | undefined {
  const following = view.nodes.filter(({ server }) => running(server)?.copy.source !== undefined);
  return following.find(({ name }) => name === newestRecord(view)?.primary) ?? following[0];
}

function withoutLink(name: string, { nodes }: DatabaseView): SourceStatus {
  if (nodes.some(({ server }) => server.state === 'up' && server.loading)) return { name, state: 'copying' };
  const leads = nodes.some(({ server }) => inOffice(server));
  const reason = leads ? whyNotFollowed(name) : 'no server runs that could copy it';
  return { name, state: leads ? 'refused' : 'away', reason };
}

function whyAway({ agent }: NodeView, { silentSeconds }: SourceLink): string {
  const since = silentSeconds < ever ? `no link for ${silentSeconds} s` : 'no link yet';
  return agent?.source?.reason === undefined ? since : `${since}: ${agent.source.reason}`;
}

function lagOf({ server, agent }: NodeView): Pick<SourceStatus, 'lagBytes'> {
  const own: Copy | undefined = running(server);
  const { offset, history } = agent?.source ?? {};
  if (!own || offset === undefined || history !== own.copy.history) return {};
  return { lagBytes: lagFrom({ offset }, own) };
}

/** What is to be said of it: what is not copied now would be missing if the database took over. */
export function sourceFindings(status: SourceStatus | undefined): Finding[] {
  if (!status || status.state === 'linked') return [];
  const { name, state, reason } = status;
  if (state === 'refused') return [{ health: 'Warning', reason: `the database ${reason!}` }];
  const what =
    state === 'copying' ? `the data of ${name} is being copied` : `nothing is copied from ${name}: ${reason!}`;
  return [{ health: 'Degraded', reason: what }];
}
