/** Small builders of what agents see of a primary, its replicas and their Sentinels. */
import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { DatabaseView, OwnSentinelView, SentinelView, WatchView } from '../../../sidecar/view';
import { sentinelId } from '../../../sidecar/sentinel-id';
import { addressOf, config as replicated, copies, type CopySketch } from './replicated-views';

const names = ['w-0', 'w-1', 'w-2'] as const;

/** The database of `replicated-views`, watched by `w-0`, `w-1` and `w-2`. */
export const config: AgentConfig = {
  ...replicated,
  topology: 'sentinel',
  sentinel: {
    master: 'db.test',
    quorum: 2,
    failoverTimeoutMs: 60_000,
    parallelSyncs: 1,
    nodes: names.map((name) => ({ name, host: `${name}.db` })),
  },
};

/** What is special about a Sentinel; `false` where it does not answer. */
export type WatchSketch = Partial<WatchView> | false;

/** What a Sentinel says that holds a node for the primary and knows everybody. */
export const watchOf = (name: string, primary = 's0-0'): WatchView => ({
  at: addressOf(primary),
  epoch: 3,
  changing: false,
  lost: false,
  quorum: 2,
  downAfterMs: 5000,
  failoverTimeoutMs: 60_000,
  parallelSyncs: 1,
  replicas: ['s0-0', 's0-1', 's0-2']
    .filter((one) => one !== primary)
    .map((one) => ({ at: addressOf(one), down: false })),
  sentinels: names
    .filter((one) => one !== name)
    .map((one) => ({ at: addressOf(one), down: false, id: sentinelId(config, one) })),
});

/** Such a database, as anybody sees it. */
export function watched(
  sentinels: Readonly<Partial<Record<(typeof names)[number], WatchSketch>>> = {},
  nodes: Readonly<Record<string, CopySketch>> = {},
): DatabaseView {
  const view = (name: (typeof names)[number]): SentinelView => {
    const sketch = sentinels[name] ?? {};
    const base = { name, id: sentinelId(config, name), address: addressOf(name) };
    if (sketch === false) return { ...base, state: 'absent', reason: 'for the test' };
    return { ...base, state: 'up', reason: '', watch: { ...watchOf(name), ...sketch } };
  };
  return { ...copies(nodes), sentinels: names.map(view) };
}

/** What the agent beside a Sentinel sees of it. */
export function ownSentinel(
  name: (typeof names)[number],
  seen: DatabaseView,
  rest: Partial<OwnSentinelView> = {},
): OwnSentinelView {
  return {
    name,
    own: seen.sentinels!.find((one) => one.name === name)!,
    accounts: { state: 'current' },
    start: 'this start',
    permitted: false,
    stopping: false,
    stoppingMs: 0,
    released: false,
    ghostsMs: 0,
    strayMs: 0,
    paused: false,
    database: seen,
    ...rest,
  };
}
