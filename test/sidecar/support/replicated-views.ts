/** Small builders of what an agent sees of a primary and its replicas. */
import type {
  AgentReport,
  CopyView,
  DatabaseView,
  NodeView,
  OwnView,
  PrimacyView,
  PrimaryRecord,
  ServerDown,
  ServerUp,
} from '../../../sidecar/view';
import { clusterConfig } from './config';
import { calm } from './views';

/** A primary, `s0-0`, and two replicas. Node timeout and fence time are 5 s. */
export const config = clusterConfig(1, 2, { topology: 'replication' });

/** What is special about a node; the rest is as where all is well. */
export interface CopySketch {
  readonly server?: Partial<ServerUp>;
  readonly copy?: Partial<CopyView>;
  /** Its server does not answer; by default long enough to be lost. */
  readonly down?: ServerDown['state'];
  readonly silentMs?: number;
  readonly looks?: number;
  /** What its agent says otherwise; `false` where it says nothing. */
  readonly agent?: Partial<AgentReport> | false;
  readonly ending?: boolean;
}

/** The record of a database that has nothing to wish for. */
export const record: PrimaryRecord = {
  epoch: 4,
  primary: 's0-0',
  before: 's0-1',
  vacated: true,
  inSync: ['s0-1', 's0-2'],
  history: 'stream',
};

/** Where a node answers. */
export const addressOf = (name: string) => ({ ip: `ip of ${name}`, client: 6379, bus: 16379, agent: 8379 });

/** A server that follows whom the record names, or is it. */
export function copyServer(
  name: string,
  { server = {}, copy = {} }: CopySketch = {},
  primary = record.primary,
): ServerUp {
  const role = server.role ?? (name === primary ? 'primary' : 'replica');
  const { ip, client } = addressOf(primary);
  return {
    state: 'up',
    version: '8.1.0',
    role,
    loading: false,
    offset: 100,
    linkUp: true,
    linkSilentSeconds: 0,
    connectedReplicas: 0,
    connectedClients: 0,
    usedMemoryBytes: 0,
    maxMemoryBytes: 0,
    ...server,
    copy: {
      history: 'stream',
      ...(role === 'replica' ? { from: { ip, client } } : {}),
      priority: 100,
      floor: role === 'primary' ? 0 : 2 ** 31 - 1,
      keys: 3,
      ...copy,
    },
  };
}

/** Such a database, as anybody sees it. */
export function copies(
  sketches: Readonly<Record<string, CopySketch>> = {},
  known: PrimaryRecord = record,
): DatabaseView {
  const nodes = ['s0-0', 's0-1', 's0-2'].map((name): NodeView => {
    const sketch = sketches[name] ?? {};
    const { down, silentMs = 6000, looks = 5, agent, ending = false } = sketch;
    const report: AgentReport = {
      node: name,
      server: down === 'absent' ? 'held' : down ? 'unknown' : 'up',
      ending,
      disk: { hasData: true },
      host: `host of ${name}`,
      zone: '',
      record: known,
      primarySilentMs: sketches[known.primary]?.down ? 6000 : 0,
      ...agent,
    };
    return {
      name,
      shard: 's0',
      address: addressOf(name),
      ...(agent === false ? {} : { agent: report }),
      ending,
      server: down ? { state: down, reason: 'for the test' } : copyServer(name, sketch, known.primary),
      ...(down ? { silence: { forMs: silentMs, looks } } : {}),
    };
  });
  return { nodes, strangers: {} };
}

/** What the agent of a node sees of it. */
export function ownCopy(
  name: string,
  seen: DatabaseView,
  rest: Partial<OwnView> & { readonly known?: Partial<PrimacyView> } = {},
): OwnView {
  const { known, ...more } = rest;
  const node = seen.nodes.find((candidate) => candidate.name === name)!;
  return {
    name,
    shard: 's0',
    server: node.server,
    disk: node.agent?.disk ?? { hasData: true },
    ...calm,
    start: 'this start',
    labelledRole: name === record.primary ? 'primary' : 'replica',
    primacy: {
      record,
      knownMs: 60_000,
      provenMs: name === record.primary ? 4000 : 0,
      fresh: true,
      open: name === record.primary,
      ...known,
    },
    database: seen,
    ...more,
  };
}
