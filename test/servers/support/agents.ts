import { readFileSync } from 'node:fs';

import { layout } from '../../../sidecar/local/layout';
import type { TestDatabase } from './database';
import { waitFor } from './wait';

/** Longest time until an agent says what is waited for. Milliseconds. */
const boundMs = 30_000;

/** What the agents have said so far, in no order between them. */
function sentences({ local }: TestDatabase): string[] {
  const lines = local.plan.pods.flatMap(({ name }) => readLines(layout.log(local.root, name, 'agent')));
  return lines.flatMap((line) => /"msg":"([^"]*)"/.exec(line)?.[1] ?? []);
}

/** Resolves within milliseconds of the moment when an agent says so. */
export const untilSaid = (database: TestDatabase, what: RegExp): Promise<string> =>
  waitFor(
    `an agent says ${what}`,
    () => sentences(database).find((sentence) => what.test(sentence)),
    boundMs,
    () => sentences(database).join('\n'),
  );

/** kill -9 of every agent in the same moment; they are started again. */
export async function killAgents({ local }: TestDatabase): Promise<void> {
  await Promise.all(local.pods().map(({ agent }) => agent.kill()));
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}
