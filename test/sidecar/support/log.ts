import type { Log } from '../../../sidecar/edges';

/** A log that keeps its lines: `warn: the sentence`. */
export function createMemoryLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (level: string) => (_facts: object, sentence: string) => void lines.push(`${level}: ${sentence}`);
  return { lines, debug: keep('debug'), info: keep('info'), warn: keep('warn') };
}
