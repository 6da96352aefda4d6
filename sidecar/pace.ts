/**
 * How long to sleep until the next beat of a pace. All that waits for beats of one length, or of its multiples, wakes together, also
 * in other agents: a process that wakes has to fetch itself into the caches first, and that costs more than what it then does.
 *
 * @param paceMs time between two beats
 * @param now by a clock that the others share
 * @returns milliseconds, more than 0 and little more than `paceMs`: a timer that fires early would meet the same beat again
 */
export const untilBeat = (paceMs: number, now: number): number => Math.ceil(paceMs - (now % paceMs)) + 1;
