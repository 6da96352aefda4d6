import type { AgentConfig } from '../lib/contract/agent-config';
import type { Clock, Server } from './edges';
import type { Primacy } from './primacy';
import { inOffice, running } from './steps/replication/copies';
import { closed } from './steps/replication/floor';
import { slackMs } from './steps/replication/timing';
import type { Address, PrimaryRecord } from './view';
import { within } from './within';

/** Longest that writes wait for their outcome. Milliseconds. */
const pauseMs = 5000;

/** Longest that the heir may take to have every write. Milliseconds. */
const catchUpMs = 2000;

/** Pause between two looks at it. Milliseconds. */
const lookEveryMs = 2;

/** Longest that clients are kept for an heir who has been appointed and does not take writes yet; and the pause between two looks. Milliseconds. */
const [beginMs, beginEveryMs] = [300, 5];

/** Who hands over to whom. */
export interface HandOver {
  readonly primacy: Primacy;
  readonly clock: Clock;
  readonly config: () => AgentConfig;
  /** Beside this agent. */
  readonly own: Server;
  readonly heir: Server;
  /** Where the heir is. */
  readonly at: Address;
  /** The record that this was decided from. */
  readonly base: PrimaryRecord;
  readonly next: PrimaryRecord;
  /** Pushes the record to every other agent. Never rejects. */
  readonly tell: () => Promise<void>;
  /** Gets ready, before anybody waits, to tell others than agents who takes writes, and gives how. Neither rejects. */
  readonly prepare: () => Promise<() => Promise<void>>;
}

/**
 * Gives the office away without losing a write: pauses writes, waits until the heir has them all, closes the own server, changes the
 * record, follows the heir, and sends its clients away once that takes writes: they find it at the first attempt.
 *
 * Up to the change of the record everything is undone where something fails, by the engine itself where this agent dies: a pause runs out.
 * After it nothing opens the own server again. Where nobody knows what became of the change, it stays closed until that is known.
 */
export async function handOver(change: HandOver): Promise<void> {
  const { primacy, clock, own, at, base, next, tell, prepare } = change;
  const [floor, sayBegun] = await Promise.all([readFloor(own), prepare()]);
  await own.roles.pauseWrites(pauseMs);
  try {
    await catchUp(change);
    await own.roles.setFloor(closed);
    primacy.setOpen(false);
    if (!(await primacy.swap(base, next))) throw new Error('somebody else has changed the record of who is primary');
  } catch (error) {
    // Of two errors the first says why.
    await undo(change, floor).catch(() => undefined);
    throw error;
  }
  try {
    // Whoever does not answer keeps nobody waiting for longer.
    const begun = within(
      clock,
      beginMs,
      Promise.all([tell(), hasBegun(change).then((done) => (done ? sayBegun() : undefined))]),
      undefined,
    );
    await Promise.all([own.roles.follow(at), begun]);
  } finally {
    await own.roles.resumeWrites().finally(() => own.roles.dropClients());
  }
}

/** An heir that does not begin in time is found by a next look, and by clients themselves. */
async function hasBegun({ heir, clock }: HandOver): Promise<boolean> {
  const until = clock.now() + beginMs;
  while (clock.now() < until) {
    if (inOffice(await heir.look())) return true;
    await clock.sleep(beginEveryMs);
  }
  return false;
}

/**
 * The same of a node that copies a source: nobody writes to it, and the heir goes on with the source where it is. The own server follows
 * him when he has a link to it.
 */
export async function handOverCopy(change: HandOver): Promise<void> {
  const { primacy, base, next, tell } = change;
  await catchUp(change);
  if (!(await primacy.swap(base, next))) throw new Error('somebody else has changed the record of who is primary');
  await tell();
}

/** Clients that wait are answered in any case. */
async function undo({ primacy, config, own }: HandOver, floor: number): Promise<void> {
  try {
    if (primacy.view().provenMs <= slackMs(config())) return;
    primacy.setOpen(true);
    await own.roles.setFloor(floor);
  } finally {
    await own.roles.resumeWrites();
  }
}

async function readFloor(own: Server): Promise<number> {
  const server = running(await own.look());
  if (!server) throw new Error('the own server does not answer');
  return server.copy.floor;
}

/** Nothing is added to the stream any more: the heir has everything once it is as far as the own server is now. */
async function catchUp({ own, heir, clock }: HandOver): Promise<void> {
  const source = running(await own.look());
  const until = clock.now() + catchUpMs;
  while (source && clock.now() < until) {
    const copy = running(await heir.look());
    if (copy?.role === 'replica' && copy.copy.history === source.copy.history && copy.offset >= source.offset) return;
    await clock.sleep(lookEveryMs);
  }
  throw new Error(`the replica does not have every write within ${catchUpMs} ms`);
}
