import { act, type Hands } from './act';
import { describe } from './action';
import type { AgentConfig } from '../lib/contract/agent-config';
import type { Clock, Log } from './edges';
import { createLoop, type Loop } from './loop';
import type { OwnObserver } from './observe-own';
import { planGuard } from './plan';
import type { Primacy } from './primacy';
import { paceMs, slackMs } from './steps/replication/timing';

/** What the guards of a node stand on. */
export interface OfficeOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly config: () => AgentConfig;
  readonly own: OwnObserver;
  readonly hands: Hands;
  readonly primacy: Primacy;
}

/** What keeps the proof that the own node is primary, and what stops the node without it: neither waits for anything else. */
export function createGuards({ clock, log, config, own, hands, primacy }: OfficeOptions): Loop[] {
  let failing = false;

  async function read(): Promise<number> {
    await primacy.look();
    return paceMs(config());
  }

  async function guard(): Promise<number> {
    const view = own.last();
    for (const action of view ? planGuard({ ...view, primacy: primacy.view() }, config()) : []) {
      if (!failing) log.warn({}, describe(action));
      await act(action, hands);
    }
    failing = false;
    return slackMs(config()) / 4;
  }

  const reading = createLoop(clock, read, () => paceMs(config()));
  // What was heard of an appointment proves nothing to who is appointed, until he has read it.
  primacy.onChange(reading.wake);
  return [
    reading,
    createLoop(clock, guard, (error) => {
      if (!failing) log.warn({ error: String(error) }, 'the own server cannot be stopped from taking writes');
      failing = true;
      return slackMs(config()) / 4;
    }),
  ];
}
