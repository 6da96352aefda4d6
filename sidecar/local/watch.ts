import { setTimeout as delay } from 'node:timers/promises';

import { judge, type DatabaseStatus } from '../health';
import { createDatabaseObserver } from '../observe';
import { wire } from '../wire';
import { layout } from './layout';
import type { LocalDatabase } from './supervisor';

/** Twice as often as the eye needs. */
const pauseMs = 250;

/** A database that is looked at from outside, with the agents' own eyes. */
export interface Watch {
  /** Judges what is there now. */
  readonly look: () => Promise<DatabaseStatus>;
  /** Calls back with each look until the signal is aborted or the callback says that it has seen enough. */
  follow(signal: AbortSignal, see: (status: DatabaseStatus) => boolean): Promise<void>;
  close(): void;
}

/** Sees a local database as the agent of its first node would. Only reads. */
export async function watchDatabase({ plan, root }: LocalDatabase): Promise<Watch> {
  const [pod] = plan.pods;
  if (!pod) throw new Error(`${plan.config.database} has no nodes`);
  const env = { POD_NAME: pod.name, KEYSPACE_HOME: layout.home(root, pod.name), KEYSPACE_LOCAL: root };
  const wiring = await wire(env);
  const config = wiring.config.current;
  const observer = createDatabaseObserver({ ...wiring, config });
  const look = async () => {
    await wiring.config.refresh();
    return judge(config(), await observer.observe());
  };
  return {
    look,
    async follow(signal, see) {
      while (!signal.aborted) {
        if (see(await look())) return;
        await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    },
    close: () => wiring.close(),
  };
}
