import type { AgentConfig } from '../lib/contract/agent-config';
import { createClaim, type Claim } from './claim';
import type { Clock, Log, NodeHome, Platform, StoredPrimary } from './edges';
import { copyOf, isSame } from './record';
import { proofMs } from './steps/replication/timing';
import { createTurns } from './turns';
import type { AgentReport, LastPrimary, PrimacyView, PrimaryRecord } from './view';

/** What an agent's knowledge of the record stands on. */
export interface PrimacyOptions {
  readonly platform: Pick<Platform, 'readPrimary' | 'writePrimary'>;
  readonly home: Pick<NodeHome, 'rememberPrimary'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: () => AgentConfig;
  /** Name of the own node. */
  readonly self: string;
}

/** What one agent knows of who is primary, and how it is changed. */
export interface Primacy {
  readonly view: () => PrimacyView;
  readonly record: () => PrimaryRecord | undefined;
  /** Looks at the record once. Never rejects. */
  readonly look: () => Promise<void>;
  /** Takes in what another agent says; `asked` is when it was asked, where it was. */
  readonly hear: (report: AgentReport, asked?: number) => void;
  /** Takes in what the own volume says, while nothing else is known. */
  readonly recall: (last: LastPrimary) => void;
  /**
   * Compare-and-swap. Rejects where nobody knows what became of it.
   *
   * @param base the record that the change was decided from
   * @returns false where it is not the record any more
   */
  readonly swap: (base: PrimaryRecord, next: PrimaryRecord) => Promise<boolean>;
  /** Notes whether the own server has been told to take writes: `true` before it is told so, `false` after it was told not to. */
  readonly setOpen: (open: boolean) => void;
  /** Calls back when another epoch has begun. */
  readonly onChange: (listener: () => void) => void;
}

/** Keeps what is known of the record, and for how long it proves that the own node is primary. */
export function createPrimacy(options: PrimacyOptions): Primacy {
  const { clock, config, self } = options;
  const claim = createClaim(self, clock);
  const listeners: (() => void)[] = [];
  let open = false;
  const remember = createMemory(options);

  function adopt(record: PrimaryRecord, certain: boolean): void {
    const isNews = claim.adopt(record, certain);
    remember(claim.record()!);
    if (!isNews) return;
    for (const listener of listeners) listener();
  }

  /** What was read or written: it was asked for then. */
  function accept(record: PrimaryRecord, asked: number): void {
    adopt(record, true);
    if (record.epoch === claim.record()?.epoch) claim.noteRead(asked);
  }

  const { look, swap } = createStore(options, claim, accept);
  return {
    view() {
      const now = clock.now();
      const record = claim.record();
      return {
        ...(record ? { record } : {}),
        knownMs: claim.knownMs(),
        provenMs: Math.max(0, claim.soleAt() + proofMs(config()) - now),
        fresh: now - claim.readAt() < proofMs(config()),
        open,
      };
    },
    record: claim.record,
    look,
    hear({ node, record }, asked) {
      if (!record) return;
      const own = claim.record();
      // Of the same epoch only its primary knows more.
      const knowsMore = record.epoch === own?.epoch && node === own.primary && node !== self;
      if (!own || record.epoch > own.epoch || knowsMore) adopt(record, false);
      if (asked !== undefined && record.epoch === claim.record()?.epoch) claim.acknowledge(node, asked);
    },
    recall({ epoch, primary, source }) {
      const known = { epoch, primary, before: '', vacated: false, inSync: [], history: '' };
      if (!claim.record()) adopt(copyOf(source, known), false);
    },
    swap,
    setOpen: (now) => void (open = now),
    onChange: (listener) => void listeners.push(listener),
  };
}

/** What outlives the record, should that be deleted. Whose data it is can change within an epoch. */
function createMemory({ home, log }: PrimacyOptions): (record: LastPrimary) => void {
  let last = '';
  return ({ epoch, primary, source }) => {
    const now = { epoch, primary, ...(source === undefined ? {} : { source }) };
    const text = JSON.stringify(now);
    if (epoch === 0 || text === last) return;
    last = text;
    home.rememberPrimary(now).catch((error: unknown) => log.warn({ error }, 'cannot note who is primary'));
  };
}

type Store = Pick<Primacy, 'look' | 'swap'>;

/** The record outside, read and changed. */
function createStore(
  { platform, clock, log, self }: PrimacyOptions,
  claim: Claim,
  accept: (record: PrimaryRecord, asked: number) => void,
): Store {
  const say = sayChanges(log);
  let stored: StoredPrimary | undefined;

  async function look(): Promise<void> {
    const asked = clock.now();
    try {
      await takeIn((stored = await platform.readPrimary()), asked);
      say();
    } catch (error) {
      say(error);
    }
  }

  async function takeIn({ record }: StoredPrimary, asked: number): Promise<void> {
    const own = claim.record();
    if (own?.primary === self && record.epoch < own.epoch) {
      log.warn({ epoch: own.epoch }, 'the record of who is primary was lost, and is written again');
      await write(own, asked);
    } else if (claim.isUnclear() && record.epoch === own?.epoch) {
      // What was sent before, and may still be on its way, fails once the version has changed.
      await write(record, asked);
    } else {
      accept(record, asked);
    }
  }

  /** Only over the very record that the change was decided from: who may succeed is part of it. */
  async function swap(base: PrimaryRecord, next: PrimaryRecord): Promise<boolean> {
    const asked = clock.now();
    // What has been heard since is not stored yet perhaps, but known.
    if (!isSame(base, claim.record())) return false;
    if (!stored || !isSame(stored.record, base)) stored = await platform.readPrimary();
    if (isSame(stored.record, base)) return write(next, asked);
    await takeIn(stored, asked);
    return false;
  }

  async function write(next: PrimaryRecord, asked: number): Promise<boolean> {
    claim.send(next);
    const version = await platform.writePrimary(next, stored!.version);
    if (version === undefined) {
      stored = undefined;
      return false;
    }
    stored = { record: next, version };
    claim.settle();
    accept(next, asked);
    return true;
  }

  return inTurns({ look, swap }, self);
}

/** One after the other: a look in the middle of a swap would take for unclear what is on its way. */
function inTurns({ look, swap }: Store, self: string): Store {
  const turns = createTurns(1);
  return {
    look: () => turns.take(self, look),
    swap: (base, next) => turns.take(self, () => swap(base, next)),
  };
}

/** A line when the record cannot be read any more, and one when it can again. */
function sayChanges(log: Log): (error?: unknown) => void {
  let readable = true;
  return (error) => {
    const now = error === undefined;
    if (now === readable) return;
    readable = now;
    if (now) log.info({}, 'the record of who is primary can be read again');
    else log.warn({ error: (error as Error).message }, 'the record of who is primary cannot be read');
  };
}
