/** A line for whoever watches: these tests take minutes, and their figures are worth keeping. */
export const tell = (sentence: string): void => void process.stderr.write(`   ${sentence}\n`);
