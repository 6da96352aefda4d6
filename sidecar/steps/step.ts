import type { AgentConfig } from '../../lib/contract/agent-config';
import type { Action } from '../action';
import type { DatabaseView, OwnView } from '../view';

/** One decision about the whole database, made by the coordinator. Pure: no clock, no randomness. */
export type DatabaseStep = (view: DatabaseView, config: AgentConfig) => readonly Action[];

/** One decision about the own node, made by every agent. Pure. */
export type NodeStep = (view: OwnView, config: AgentConfig) => readonly Action[];

/** The wait that keeps later steps from going ahead. */
export const wait = (why: string): readonly Action[] => [{ do: 'wait', why }];
