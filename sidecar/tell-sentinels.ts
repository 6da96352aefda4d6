import { observeSentinels, type SentinelSources } from './observe-sentinels';
import { ownNode } from './own-node';
import { epochAfter, isChanging, spokesman, watchersOf, type Watcher } from './steps/sentinel/choice';
import type { Place } from './view';

/** Longest that a Sentinel is waited for; and that what they said is believed. Milliseconds. */
const [answerMs, believedMs] = [100, 1000];

/**
 * Looks at every Sentinel, to tell all of them at once who is primary when that has changed: clients who ask find it at the first attempt
 * then. Never rejects, nor does what it gives: whoever is not reached is told by the agent beside it with its next look. Nothing is said where one
 * of them is about to decide something itself: that leads.
 */
export async function prepareSentinels(sources: SentinelSources): Promise<(primary: Place) => Promise<void>> {
  const { clock, config, sentinels } = sources;
  const lookedAt = clock.now();
  const seen = await observeSentinels({ ...sources, answerMs: () => answerMs }).catch(() => undefined);
  const view = { sentinels: seen ?? [] };
  return async (primary) => {
    if (isChanging(view) || clock.now() - lookedAt > believedMs) return;
    const epoch = epochAfter(view);
    const tell = async ({ name, address, watch }: Watcher): Promise<void> => {
      const from = spokesman(watch, view);
      const sentinel = sentinels.of(ownNode(config(), name).node, address!);
      if (from) await sentinel.hear({ from: from.at, id: from.id, primary, epoch });
    };
    await Promise.allSettled(watchersOf(view).map(tell));
  };
}
