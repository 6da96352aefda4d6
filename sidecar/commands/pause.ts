import { whyPaused } from '../pause';
import { nodesOf } from '../own-node';
import { wire, type Wiring } from '../wire';

/** Pause between two questions to the agents. Milliseconds. */
const askEveryMs = 500;

/**
 * Has the agents of a database watch and do nothing, or go on, and waits until each that answers says so.
 *
 * @param timeout seconds
 * @returns 0 where all do, 1 where one did not in time; it will when it has looked
 * @throws Error where the spec wants a pause that is to be ended
 */
export async function pause(env: NodeJS.ProcessEnv, paused: boolean, timeout: number): Promise<number> {
  const wiring = await wire(env);
  try {
    const config = wiring.config.current();
    if (!paused && config.state === 'paused') throw new Error('the spec says "state: paused": change it there');
    await wiring.platform.writePause(paused);
    const late = await agentsThatAreNot(paused, wiring, timeout * 1000);
    if (late.length > 0) {
      process.stderr.write(`keyspace: ${late.join(', ')} did not say within ${timeout} s that it knows\n`);
      return 1;
    }
    const now = paused ? 'is paused: its agents watch and do nothing until: keyspace resume' : 'is paused no more';
    process.stdout.write(`${config.database} ${now}\n`);
    return 0;
  } finally {
    wiring.close();
  }
}

/** Names of nodes whose agents answer otherwise to the end. */
async function agentsThatAreNot(paused: boolean, wiring: Wiring, boundMs: number): Promise<string[]> {
  const { book, clock, config, peers } = wiring;
  const until = clock.now() + boundMs;
  const ask = async (node: ReturnType<typeof nodesOf>[number]) => {
    const at = await book.locate(node);
    const report = at && (await peers.report(node, at));
    return report && (report.paused !== undefined) !== paused ? [node.name] : [];
  };
  for (;;) {
    const others = (await Promise.all(nodesOf(config.current()).map(ask))).flat();
    if (others.length === 0 || clock.now() > until) return others;
    await clock.sleep(askEveryMs);
  }
}

/** @throws Error where the agents would not do what is asked for */
export async function requireNoPause({ config, platform }: Pick<Wiring, 'config' | 'platform'>): Promise<void> {
  const why = whyPaused(config.current(), await platform.readLease());
  if (why !== undefined) throw new Error(`${config.current().database} is paused, ${why}; nothing is done`);
}
