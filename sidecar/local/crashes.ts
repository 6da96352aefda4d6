import { readFileSync } from 'node:fs';

import { layout } from './layout';
import type { LocalOptions } from './supervisor';

/** Enough for the reason, which servers print in their last lines. */
const linesTold = 2;

/** Says that a process has ended, and what it said last. A process that ends in the same way again is told of once. */
export function crashReporter(root: string, say: (sentence: string) => void): NonNullable<LocalOptions['onCrash']> {
  const told = new Map<string, string>();
  return (node, container, { code, signal }) => {
    const how = signal === null ? `ended with code ${code ?? 'unknown'}` : `was ended by ${signal}`;
    const process = `the ${container} of ${node}`;
    if (signal !== 'SIGKILL' && told.get(process) === how) return;
    told.set(process, how);
    const file = layout.log(root, node, container);
    say(`${process} ${how}${signal === 'SIGKILL' ? '' : `: ${lastLines(file)} (${file})`}`);
  };
}

function lastLines(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-linesTold).join(' / ');
  } catch {
    return 'it has said nothing';
  }
}
