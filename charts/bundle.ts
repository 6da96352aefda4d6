/**
 * Bundles the programs of the agent image, a single file each: `npm run build` calls it. Run by Node from the folder
 * of the package. Not for users of the package, who have no esbuild.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';

const root = join(__dirname, '..', '..');

const programs = { keyspace: 'sidecar/main.ts', local: 'sidecar/local/main.ts' } as const;

async function bundle(): Promise<void> {
  const present = Object.entries(programs).filter(([, source]) => existsSync(join(root, source)));
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(present),
    outdir: 'build/agent',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    legalComments: 'external',
    logLevel: 'warning',
  });
}

bundle().catch(() => {
  // esbuild has said why.
  process.exitCode = 1;
});
