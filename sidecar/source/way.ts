import type { AgentConfig } from '../../lib/contract/agent-config';
import type { Clock, NodeHome, Server } from '../edges';
import type { Gate } from '../edges-source';
import { createLoop, type Loop } from '../loop';
import { untilBeat } from '../pace';
import type { Primacy } from '../primacy';
import { running } from '../steps/replication/copies';
import type { SourceView } from '../view-source';
import type { Owned } from './facts';

/** What an agent's way to a source stands on. */
export interface WayOptions {
  readonly gate: Gate;
  readonly config: () => AgentConfig;
  readonly home: Pick<NodeHome, 'disk'>;
  /** The one beside the agent. */
  readonly server: () => Promise<Server>;
  readonly clock: Clock;
  /** Where the agents decide who is primary. */
  readonly primacy?: Primacy;
}

/** The way of one agent's server to the primary elsewhere: open as long as the spec names one. */
export interface Way {
  readonly look: () => Promise<SourceView | undefined>;
  readonly loop: Loop;
}

/** Pause after a look at the source that failed for no reason that it knows. Milliseconds. */
const pauseMs = 1000;

/** Pause while there is no source. Milliseconds. */
const idleMs = 10_000;

/** Whose data the database has says the record, or the volume of its only node. */
export function createWay({ gate, config, home, server, clock, primacy }: WayOptions): Way {
  let port: number | undefined;
  let open = false;
  const watch = (): Promise<number> => (open ? gate.watch() : Promise.resolve(untilBeat(idleMs, clock.now())));
  const loop = createLoop(clock, watch, () => pauseMs);

  async function owned(): Promise<Owned> {
    const now = running(await (await server()).look());
    if (!now) throw new Error('the own server does not say what it has');
    const claim = primacy ? primacy.record()?.source : (await home.disk()).source;
    return { claim, keys: now.copy.keys };
  }
  return {
    async look() {
      if (config().replicaOf) port = await gate.open({ owned });
      const view = port === undefined ? undefined : gate.view(port);
      if (view && !open) loop.wake();
      open = view !== undefined;
      return view;
    },
    loop,
  };
}
