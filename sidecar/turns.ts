/** Lets so many do their work at a time. */
export interface Turns {
  /** @param who those who do nothing yet come before those who do, else whoever waits longest */
  take<T>(who: string, work: () => Promise<T>): Promise<T>;
}

/** @param most at a time */
export function createTurns(most: number): Turns {
  const busy: string[] = [];
  const waiting: { readonly who: string; readonly begin: () => void }[] = [];

  function next(): void {
    if (waiting.length === 0 || busy.length >= most) return;
    const idle = waiting.findIndex(({ who }) => !busy.includes(who));
    const [{ who, begin }] = waiting.splice(Math.max(0, idle), 1) as [(typeof waiting)[number]];
    busy.push(who);
    begin();
  }

  return {
    async take(who, work) {
      await new Promise<void>((begin) => {
        waiting.push({ who, begin });
        next();
      });
      try {
        return await work();
      } finally {
        busy.splice(busy.indexOf(who), 1);
        next();
      }
    },
  };
}
