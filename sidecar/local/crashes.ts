import { readFileSync } from 'node:fs';

import { layout } from './layout';
import type { LocalOptions } from './supervisor';

/** Says that a process has ended, and what it said last. The same crash again and again is told once. */
export function crashReporter(root: string, say: (sentence: string) => void): NonNullable<LocalOptions['onCrash']> {
  const told = new Map<string, string>();
  return (node, container, { code, signal }) => {
    const how = signal === null ? `ended with code ${code ?? 'unknown'}` : `was ended by ${signal}`;
    const last = code === 0 || signal !== null ? '' : lastLine(layout.log(root, node, container));
    const sentence = `the ${container} of ${node} ${how}${last === '' ? '' : `: ${last}`}`;
    // Lines of a log begin with process id and time.
    if (signal === null && told.get(`${node} ${container}`) === how) return;
    told.set(`${node} ${container}`, how);
    say(sentence);
  };
}

function lastLine(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  } catch {
    return '';
  }
}
