/** What a benchmark ends with: ours divided by theirs, at most the goal. */
export interface Figure {
  readonly name: string;
  readonly ratio: number;
  readonly goal: number;
}

/** The middle one of an odd number of measurements. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
