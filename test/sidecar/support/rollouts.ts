/** Small builders of roll-outs: three shards of two nodes, `s0-0`, `s0-1`, `s1-0`, ..., whose revisions are `old` and `new`. */
import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { Action } from '../../../sidecar/action';
import { planDatabase } from '../../../sidecar/plan';
import type { PodView, SetView } from '../../../sidecar/view-sets';
import type { DatabaseView } from '../../../sidecar/view';
import { clusterConfig } from './config';
import { database, sound, type Sketch } from './views';

const upgrade = {
  strategy: 'RollingUpdate',
  maxUnavailable: 1,
  validationTimeoutSeconds: 60,
  supervised: false,
} as const satisfies AgentConfig['upgrade'];

/** A pod that is ready. */
export const pod = (name: string, revision: string, rest: Partial<PodView> = {}): PodView => ({
  name,
  uid: `${name} of ${revision}`,
  ordinal: Number(name.split('-')[1]),
  revision,
  ready: true,
  ending: false,
  ...rest,
});

/** A set of two nodes whose template has changed; `new` of them, from the highest ordinal down, are of the new revision. */
export function set(shard: string, replaced: number, rest: Partial<SetView> = {}, nodes = 2): SetView {
  const ordinals = Array.from({ length: nodes }, (_, ordinal) => ordinal);
  return {
    name: shard,
    shard,
    version: `version of ${shard}`,
    replicas: nodes,
    partition: nodes,
    currentRevision: 'old',
    updateRevision: 'new',
    observed: true,
    pods: ordinals.map((ordinal) => pod(`${shard}-${ordinal}`, ordinal >= nodes - replaced ? 'new' : 'old')),
    ...rest,
  };
}

/** Nothing to roll out. */
export const done = (shard: string, rest: Partial<SetView> = {}): SetView =>
  set(shard, 0, { currentRevision: 'new', pods: [], ...rest });

/** What is rolled out, and in which state the nodes are. */
export interface Case {
  readonly sets: readonly SetView[];
  readonly nodes?: Readonly<Record<string, Sketch>>;
  readonly unsoundMs?: Readonly<Record<string, number>>;
  /** Of each shard. @default 1 */
  readonly replicas?: number;
  readonly policy?: Partial<NonNullable<AgentConfig['upgrade']>>;
}

/** What the agents are told. */
export const configOf = ({ policy, replicas = 1 }: Case): AgentConfig =>
  clusterConfig(3, replicas, { upgrade: { ...upgrade, ...policy } });

/** What they see. */
export const viewOf = ({ sets, nodes = sound, unsoundMs = {} }: Case): DatabaseView => ({
  ...database(nodes),
  sets,
  unsoundMs,
});

/** What the coordinator does. */
export const plan = (given: Case): readonly Action[] => planDatabase(viewOf(given), configOf(given));
