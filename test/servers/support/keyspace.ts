import { spawn } from 'node:child_process';

import { layout } from '../../../sidecar/local/layout';
import { agentBundle } from './bundle';
import type { TestDatabase } from './database';

/** What a command did. */
export interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A command of the agent, run beside a node as `kubectl exec` would. */
export async function runKeyspace({ local }: TestDatabase, node: string, ...words: string[]): Promise<Outcome> {
  const env = {
    ...process.env,
    KEYSPACE_HOME: layout.home(local.root, node),
    KEYSPACE_LOCAL: local.root,
    POD_NAME: node,
  };
  const child = spawn(process.execPath, [agentBundle(), ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (piece) => (output += String(piece)));
  child.stderr.on('data', (piece) => (errors += String(piece)));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  return { code, output, errors };
}
