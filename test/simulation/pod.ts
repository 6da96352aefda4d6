import type { NodeConfig } from '../../lib/contract/agent-config';
import type { Orders } from '../../sidecar/edges';
import type { AgentProcess } from './agent-process';
import type { Host, Place } from './network';
import type { Server } from './server/server';
import type { Store } from './server/store';

/** What agent and server of a pod say to each other by files, in memory and gone with the pod's sandbox. */
export interface RunFiles {
  start: string | undefined;
  readonly permits: Set<string>;
  stopping: boolean;
  stopped: boolean;
  /** When the agent last asked whether the pod is ending. */
  askedAt: number;
  orders: Orders | undefined;
  /** Told when a file has come or gone. */
  readonly watchers: Set<() => void>;
}

/** A pod: a place, a volume, a server or a shell that waits for its permit, and an agent. */
export interface Pod {
  readonly node: NodeConfig;
  readonly shard: string;
  readonly host: Host;
  place: Place<Server>;
  store: Store;
  run: RunFiles;
  server: Server | undefined;
  agent: AgentProcess | undefined;
  /** Deleted, and on its way out. */
  ending: boolean;
  gone: boolean;
  /** Counts sandboxes; what was begun in an earlier one has no effect. */
  sandbox: number;
  /** Has the server end in good order; its container starts again. */
  readonly shutDown: () => void;
}

/** Tells whoever watches the files. */
export const disturb = ({ run }: Pod): void => run.watchers.forEach((watcher) => watcher());

/** No start yet, no permit, and nobody asks for the end. */
export const createRunFiles = (): RunFiles => ({
  start: undefined,
  permits: new Set(),
  stopping: false,
  stopped: false,
  orders: undefined,
  askedAt: 0,
  watchers: new Set(),
});
