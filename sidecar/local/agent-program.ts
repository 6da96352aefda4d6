import { join } from 'node:path';

/** How the agent is started: the bundle beside this bundle, or in a checkout the source. */
export const agentProgram = (): readonly string[] =>
  __filename.endsWith('.ts')
    ? [process.execPath, '--import', 'tsx', join(__dirname, '..', 'main.ts')]
    : [process.execPath, join(__dirname, 'keyspace.js')];
