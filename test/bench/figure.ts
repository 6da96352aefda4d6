/** What a benchmark ends with: ours divided by theirs, at most the goal. */
export interface Figure {
  readonly name: string;
  readonly ratio: number;
  readonly goal: number;
}

/** The middle one of an odd number of measurements. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** What all but one in a hundred stay below; of less than a hundred, the most. */
export const p99 = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * 0.99))]!;
