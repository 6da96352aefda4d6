import { setTimeout as delay } from 'node:timers/promises';

import { parseClusterNodes } from '../../../sidecar/server/cluster-nodes';
import { countSlots, formatSlots, mergeSlots } from '../../../sidecar/slots';
import type { SlotRange } from '../../../sidecar/view';
import type { TestDatabase } from './database';

/** Pause between two looks at every server. Milliseconds. */
const pauseMs = 20;

/**
 * Looks at what every server claims for itself, until the signal is aborted.
 *
 * @returns grows by a line each time two servers claim a slot at once: during a bootstrap, where no slot moves, each is one too many
 */
export function watchClaims(database: TestDatabase, signal: AbortSignal): readonly string[] {
  const overlaps: string[] = [];
  const repeat = async (): Promise<void> => {
    while (!signal.aborted) {
      const claims = await Promise.all(database.local.pods().map(({ name }) => claimOf(database, name)));
      const slots = claims.flat();
      if (countSlots(slots) > countSlots(mergeSlots(slots))) overlaps.push(claims.map(formatSlots).join(' / '));
      await delay(pauseMs);
    }
  };
  void repeat();
  return overlaps;
}

async function claimOf({ ask }: TestDatabase, node: string): Promise<readonly SlotRange[]> {
  const reply = await ask(node, 'CLUSTER', 'NODES').catch(() => '');
  return parseClusterNodes(String(reply)).find(({ myself }) => myself)?.slots ?? [];
}
