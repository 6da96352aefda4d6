import type { AgentConfig } from '../../lib/contract/agent-config';
import type { Action } from '../action';
import { members, type Member } from './members';
import type { DatabaseStep } from './step';

/** Node timeout of nodes that are to form a cluster. Milliseconds. */
const formingMs = 1000;

/**
 * Gives new nodes a short node timeout until they have formed a cluster.
 *
 * A primary that was alone does not report `cluster_state:ok` before a node timeout has passed since (the engine's rejoin delay,
 * which keeps a primary that returns from a partition from taking writes too soon). A new one has nothing to protect.
 */
export const hasten: DatabaseStep = (view, config) =>
  config.nodeTimeoutMs <= formingMs
    ? []
    : members(view)
        .filter((member) => isNew(member) && member.cluster.nodeTimeoutMs !== formingMs)
        .map(({ name }): Action => ({ do: 'set-node-timeout', node: name, ms: formingMs }));

/** Keeps the node timeout of everybody else as it is declared, also when that has changed since the servers started. */
export const setNodeTimeout: DatabaseStep = (view, config) =>
  members(view)
    .filter((member) => member.cluster.nodeTimeoutMs !== config.nodeTimeoutMs && !isForming(member, config))
    .map(({ name }): Action => ({ do: 'set-node-timeout', node: name, ms: config.nodeTimeoutMs }));

/** Knows nobody and owns nothing. */
const isNew = ({ cluster, self }: Member): boolean => cluster.table.length === 1 && self.slots.length === 0;

const isForming = ({ cluster }: Member, config: AgentConfig): boolean =>
  !cluster.ok && cluster.nodeTimeoutMs === formingMs && config.nodeTimeoutMs > formingMs;
