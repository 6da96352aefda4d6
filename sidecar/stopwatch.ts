/** Says for how many milliseconds something has been so; 0 while it is not. */
export type Stopwatch = (runs: boolean, now: number) => number;

/** One for each thing. */
export function createStopwatch(): Stopwatch {
  let since: number | undefined;
  return (runs, now) => {
    since = runs ? (since ?? now) : undefined;
    return since === undefined ? 0 : now - since;
  };
}
