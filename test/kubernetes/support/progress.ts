/** A line for whoever watches: these tests take minutes, and their figures are worth keeping. */
export const tell = (sentence: string): void => void process.stderr.write(`   ${sentence}\n`);

/** `12.3 s` */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
