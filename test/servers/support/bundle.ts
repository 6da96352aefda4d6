import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bundleProgram } from './bundle-program';

const bundles = new Map<string, string>();
let folder: string | undefined;

afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** The agent as in the image, made of the sources as they are now. */
export const agentBundle = (): string => bundle('keyspace', 'sidecar/main.ts');

/** `keyspace local`, with the agent beside it. */
export function localBundle(): string {
  agentBundle();
  return bundle('local', 'sidecar/local/main.ts');
}

/** The recorder's program, to run where the test does not: in a pod. */
export const recorderBundle = (): string => bundle('recorder', 'test/servers/support/recorder/main.ts');

/** One file for Node, made once a test file and gone with it. */
function bundle(name: string, source: string): string {
  const made = bundles.get(name);
  if (made !== undefined) return made;
  const file = join((folder ??= mkdtempSync(join(tmpdir(), 'keyspace-bundle-'))), `${name}.js`);
  bundleProgram(source, file);
  bundles.set(name, file);
  return file;
}
