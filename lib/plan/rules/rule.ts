import type { Change } from '../change';
import type { Pair } from '../database';

/** One question about a database that is on both sides. Looks at nothing that another rule answers for. */
export type Rule = (pair: Pair) => readonly Change[];

/** A refused change: what cannot be, and what to do instead. */
export const refused = (what: string, ...notes: readonly string[]): Change => ({ effect: 'refused', what, notes });

/** `1 pod`, `6 pods` */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
