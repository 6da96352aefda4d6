import { setTimeout as delay } from 'node:timers/promises';

/** What the clients have felt since the last mark. */
export interface Felt {
  readonly acknowledged: number;
  /** Writes that ended with an error, after all that the client does by itself: redirects, and trying again. */
  readonly failed: number;
  /** Acknowledged writes that a later look did not find. */
  readonly lost: number;
  /** From the first attempt to write a key to its success: the longest, and all but one in a hundred. Milliseconds. */
  readonly longestMs: number;
  readonly p99Ms: number;
  /** How often each error was met. */
  readonly errors: Readonly<Record<string, number>>;
}

/** What a client of the field has, among much else; trying again and looking for the primary is its own business. */
export interface LoadClient {
  set(key: string, value: string, get: 'GET'): Promise<string | null>;
  get(key: string): Promise<string | null>;
  disconnect(): void;
}

/** Writers that go on until they are told to stop. */
export interface Load {
  /** Begins to count anew. */
  readonly mark: () => void;
  readonly felt: () => Felt;
  /** Holds the writers, reads everything back that was ever acknowledged, and lets them go on. */
  readonly readBack: () => Promise<void>;
  readonly end: () => Promise<void>;
}

/** As in the measurements that ours are compared with. */
const writers = 16;

/** Of each writer, written again and again: few enough to fit, many enough that a round takes longer than most events. */
const keysEach = 20_000;

/** Pause of a writer after a write: clients, servers and nodes share a small machine. Milliseconds. */
const usualPauseMs = 2;

/** Pause after an error. Milliseconds. */
const failedPauseMs = 10;

/** Reads at a time. */
const batch = 1000;

const padding = '.'.repeat(56);

/**
 * Sixteen writers over one client, which is the load's from then on. Every write asks for the value that it replaces, so that nothing which
 * was lost is hidden by what comes after it.
 */
export function startLoad(client: LoadClient, pauseMs = usualPauseMs): Load {
  /** The newest version of each key that was acknowledged. */
  const versions = Array.from({ length: writers }, () => new Uint32Array(keysEach));
  const counts = createCounts();
  let [held, ended, writing] = [false, false, 0];

  async function write(writer: number, key: number, version: number): Promise<void> {
    const began = performance.now();
    while (!ended) {
      try {
        const old = await client.set(nameOf(writer, key), `${version}:${padding}`, 'GET');
        if (versionOf(old) < versions[writer]![key]!) counts.lose();
        versions[writer]![key] = version;
        counts.acknowledge(performance.now() - began);
        return;
      } catch (error) {
        counts.fail((error as Error).message);
        await delay(failedPauseMs);
      }
    }
  }

  async function writeOn(writer: number): Promise<void> {
    for (let count = 0; !ended; count++) {
      if (held) await until(() => !held || ended);
      writing++;
      await write(writer, count % keysEach, Math.floor(count / keysEach) + 1);
      writing--;
      await delay(pauseMs);
    }
  }

  async function readKeysOf(writer: number): Promise<void> {
    const acknowledged = versions[writer]!;
    for (let first = 0; first < keysEach; first += batch) {
      const keys = [...acknowledged.keys()].slice(first, first + batch).filter((key) => acknowledged[key]! > 0);
      const found = await Promise.all(keys.map(async (key) => versionOf(await client.get(nameOf(writer, key)))));
      keys.forEach((key, index) => {
        if (found[index]! >= acknowledged[key]!) return;
        counts.lose();
        // Found missing once is enough.
        acknowledged[key] = found[index]!;
      });
    }
  }

  const all = Promise.all(versions.map((_, writer) => writeOn(writer)));
  return {
    mark: counts.reset,
    felt: counts.felt,
    async readBack() {
      held = true;
      await until(() => writing === 0);
      for (const writer of versions.keys()) await readKeysOf(writer);
      held = false;
    },
    async end() {
      ended = true;
      await all;
      client.disconnect();
    },
  };
}

const nameOf = (writer: number, key: number): string => `load:${writer}:${key}`;

const versionOf = (value: string | null): number => Number(value?.split(':')[0] ?? 0);

/** Writers end their present write by themselves; nothing here waits for anything else. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await delay(1);
}

function createCounts() {
  let tookMs: number[] = [];
  let [failed, lost] = [0, 0];
  let errors: Record<string, number> = {};
  return {
    acknowledge: (ms: number) => {
      tookMs.push(ms);
    },
    lose: () => {
      lost++;
    },
    fail: (message: string) => {
      failed++;
      errors[message] = (errors[message] ?? 0) + 1;
    },
    reset: () => {
      [tookMs, failed, lost, errors] = [[], 0, 0, {}];
    },
    felt: (): Felt => {
      const sorted = Float64Array.from(tookMs).sort();
      const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
      return { acknowledged: sorted.length, failed, lost, errors, longestMs: at(1), p99Ms: at(0.99) };
    },
  };
}
