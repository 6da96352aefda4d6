import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const project = resolve(__dirname, '../../..');
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
  const options = [
    '--bundle',
    '--platform=node',
    '--target=node20',
    '--external:@aws-sdk/*',
    '--log-level=error',
    `--outfile=${file}`,
  ];
  // The program, not its API: that takes jest's own Uint8Array for a foreign one.
  const esbuild = join(project, 'node_modules/.bin/esbuild');
  const { status, stderr } = spawnSync(esbuild, [source, ...options], { cwd: project, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${source} cannot be bundled: ${stderr}`);
  bundles.set(name, file);
  return file;
}
