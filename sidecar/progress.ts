import { countSlots } from './slots';
import { bytesOf } from './steps/slots/parties';
import { slotsOf } from './steps/members';
import type { MovePlan } from './steps/slots/move-slots';
import type { Amount, Progress, SlotsView } from './view-slots';

/** What is remembered of a move between two looks. */
export interface Course {
  readonly beganAt: number;
  readonly all: Amount;
}

/** What is left to move, by what the servers have now. */
export function amountLeft({ journeys, halfway, running }: MovePlan, { accounts }: SlotsView): Amount {
  const open = halfway.flatMap(({ owner, to, slot }) =>
    to && to !== owner ? [{ from: owner, slots: [[slot, slot] as const] }] : [],
  );
  const parts = [...journeys, ...running, ...open].map(({ from, slots }) => {
    const count = countSlots(slots);
    const share = count / Math.max(1, slotsOf(from));
    return { slots: count, keys: Math.round((accounts[from.name]?.keys ?? 0) * share), bytes: bytesOf(from, count) };
  });
  const total = (what: keyof Amount) => parts.reduce((sum, part) => sum + part[what], 0);
  return { slots: total('slots'), keys: total('keys'), bytes: total('bytes') };
}

/** The course that a move is on: a new one where nothing was left to move before, a longer one where more is left than there was. */
export function followCourse(course: Course | undefined, left: Amount, now: number): Course | undefined {
  if (left.slots === 0) return undefined;
  if (!course) return { beganAt: now, all: left };
  return left.slots > course.all.slots ? { ...course, all: left } : course;
}

/** Rate and time left, as if it went on as it went so far. */
export function progressOf({ beganAt, all }: Course, left: Amount, now: number): Progress {
  const seconds = Math.max(0.001, (now - beganAt) / 1000);
  const slots = all.slots - left.slots;
  const share = slots / all.slots;
  const moved = { slots, keys: Math.round(all.keys * share), bytes: Math.round(all.bytes * share) };
  const slotsPerSecond = slots / seconds;
  return {
    left,
    moved,
    slotsPerSecond: Math.round(slotsPerSecond),
    bytesPerSecond: Math.round(moved.bytes / seconds),
    ...(slots > 0 ? { secondsLeft: Math.ceil(left.slots / slotsPerSecond) } : {}),
  };
}
