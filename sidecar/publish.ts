import type { Clock, Log, Platform } from './edges';
import type { DatabaseStatus } from './health';

/** How often a status that differs only in its numbers is written. Milliseconds. */
const refreshMs = 30_000;

/** What is published: the status, by whom, when, and what was done last. */
export interface PublishedStatus extends DatabaseStatus {
  readonly coordinator: string;
  readonly sentence: string;
  /** RFC 3339. */
  readonly updated: string;
}

/** Writes the status when it has changed in kind, else now and then; one write at a time, and nobody waits for it. */
export function createPublisher(platform: Platform, clock: Clock, log: Log) {
  let writing = false;
  let last = { kind: '', at: -Infinity };
  return (status: DatabaseStatus, sentence: string, coordinator: string): void => {
    const kind = kindOf(status, sentence);
    const now = clock.now();
    if (writing || (kind === last.kind && now - last.at < refreshMs)) return;
    writing = true;
    last = { kind, at: now };
    const document: PublishedStatus = { ...status, coordinator, sentence, updated: new Date().toISOString() };
    platform
      .publishStatus(JSON.stringify(document, null, 2) + '\n')
      .catch((error: unknown) => {
        last = { kind: '', at: now };
        log.warn({ error: String(error) }, 'cannot publish the status');
      })
      .finally(() => (writing = false));
  };
}

/** Everything but the numbers that change all the time. */
function kindOf({ health, paused, reasons, nodes, moving, source, drain }: DatabaseStatus, sentence: string): string {
  return JSON.stringify([
    health,
    paused,
    reasons,
    sentence,
    source?.state,
    drain && [drain.by, drain.shards, drain.done],
    // What moves is told of by its tenths.
    moving && Math.ceil((10 * moving.left.slots) / (moving.left.slots + moving.moved.slots)),
    nodes.map(({ name, role, state, slots }) => [name, role, state, moving ? '' : slots]),
  ]);
}
