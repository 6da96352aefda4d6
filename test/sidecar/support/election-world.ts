import { createCoordinator, electionTiming, type Coordinator } from '../../../sidecar/coordinator';
import type { Clock, LeaseRecord } from '../../../sidecar/edges';
import { createMemoryLog } from './log';

/** What the simulation draws from: numbers from 0 to 1. */
export type Dice = () => number;

/** mulberry32: the same seed gives the same run. */
export function createDice(seed: number): Dice {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What the world does to its inhabitants. */
export interface Weather {
  /** Longest time of one way between an agent and the API. Milliseconds. */
  readonly latencyMs: number;
  /** Share of calls that fail; half of those have been carried out. */
  readonly failing: number;
  /** Share of moments at which an agent stands still for up to 30 s. */
  readonly pausing: number;
}

/** No wind. */
export const calm: Weather = { latencyMs: 20, failing: 0, pausing: 0 };

const never = () => new Promise<never>(() => undefined);

interface Moment {
  readonly at: number;
  readonly happen: () => void;
}

/** Agents, each with a clock of its own speed, around one record that is changed by compare-and-swap. */
export interface ElectionWorld {
  readonly time: () => number;
  readonly leaders: () => string[];
  readonly record: () => LeaseRecord;
  weather: Weather;
  /** @param speed of its clock: 1.1 gains a tenth */
  join(holder: string, speed?: number): { readonly coordinator: Coordinator; stop(): void; kill(): void };
  /** Lets time pass; `look` is called at every moment at which something has happened. */
  pass(ms: number, look?: () => void): Promise<void>;
}

/** Builds an empty world. */
export function createElectionWorld(dice: Dice, weather: Weather): ElectionWorld {
  let time = 0;
  let version = 1;
  let record: LeaseRecord = { holder: '', version: '1', renewal: '', durationMs: 0 };
  const moments: Moment[] = [];
  const members = new Map<string, Coordinator>();
  const later = (ms: number) => new Promise<void>((happen) => void moments.push({ at: time + ms, happen }));

  const world: ElectionWorld = {
    weather,
    time: () => time,
    leaders: () => [...members].flatMap(([holder, coordinator]) => (coordinator.leading() ? [holder] : [])),
    record: () => record,
    join(holder, speed = 1) {
      const stopping = new AbortController();
      let over = false;
      const dead = () => over;
      const told = new Promise((end) => stopping.signal.addEventListener('abort', end, { once: true }));
      const pause = () => (dice() < world.weather.pausing ? dice() * 30_000 : 0);
      const call = async <T>(carryOut: () => T): Promise<T> => {
        const [way, back, failing] = [dice() * world.weather.latencyMs, dice() * world.weather.latencyMs, dice()];
        await later(pause() + way);
        if (dead()) return never();
        const lost = failing < world.weather.failing / 2;
        const result = lost ? undefined : carryOut();
        await later(back + pause());
        if (dead()) return never();
        if (failing < world.weather.failing) throw new Error('no answer');
        return result as T;
      };
      const clock: Clock = {
        now: () => time * speed,
        async sleep(ms) {
          await Promise.race([later(ms / speed + pause()), told]);
          if (dead()) await never();
        },
      };
      const platform = {
        readLease: () => call(() => record),
        takeLease: (taker: string, durationMs: number, expected: string) =>
          call(() => {
            if (record.version !== expected) return false;
            version++;
            record = { holder: taker, version: String(version), renewal: `renewal ${version}`, durationMs };
            return true;
          }),
      };
      const coordinator = createCoordinator({
        platform,
        clock,
        log: createMemoryLog(),
        holder,
        timing: electionTiming,
      });
      members.set(holder, coordinator);
      void coordinator.run(stopping.signal);
      return {
        coordinator,
        stop: () => stopping.abort(),
        kill: () => {
          over = true;
          members.delete(holder);
        },
      };
    },
    async pass(ms, look = () => undefined) {
      const end = time + ms;
      for (;;) {
        // Everything that can go on without time goes on.
        await new Promise(setImmediate);
        look();
        const next = moments.reduce<Moment | undefined>(
          (first, one) => (first && first.at <= one.at ? first : one),
          undefined,
        );
        if (!next || next.at > end) break;
        moments.splice(moments.indexOf(next), 1);
        time = Math.max(time, next.at);
        next.happen();
      }
      time = end;
      look();
    },
  };
  return world;
}
