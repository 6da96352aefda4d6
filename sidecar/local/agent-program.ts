import { createRequire } from 'node:module';
import { join } from 'node:path';

/** How the agent is started: the bundle beside this bundle, or in a checkout the source. */
export function agentProgram(): readonly string[] {
  if (!__filename.endsWith('.ts')) return [join(__dirname, 'keyspace.js')];
  // Found from here: an agent runs in its node's folder.
  const loader = createRequire(__filename).resolve('tsx');
  return [process.execPath, '--import', loader, join(__dirname, '..', 'main.ts')];
}
