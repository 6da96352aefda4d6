import { createLocalPlatform } from '../../../sidecar/local/platform';
import type { TestDatabase } from './database';

/** Longer than any test. Milliseconds. */
const durationMs = 600_000;

/** Takes the lease of a database that has not been started yet, so that no agent becomes its coordinator. */
export const holdLease = (root: string, database: string): Promise<boolean> =>
  createLocalPlatform({ root, database }).takeLease('the test', durationMs, '0');

/** Gives it up. Agents look at it now and then, and when they start. */
export async function releaseLease({ local }: TestDatabase): Promise<void> {
  const platform = createLocalPlatform({ root: local.root, database: local.plan.config.database });
  await platform.takeLease('', durationMs, (await platform.readLease()).version);
}

/** Node of the agent that leads. */
export async function readCoordinator({ local }: TestDatabase): Promise<string> {
  const platform = createLocalPlatform({ root: local.root, database: local.plan.config.database });
  const { holder } = await platform.readLease();
  // Its name, and where it is: `orders-shard-0-0@10.0.0.7`.
  return holder.split('@')[0]!;
}
