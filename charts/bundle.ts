/**
 * Bundles the programs of the agent image, a file each, and what only some of their commands need: `npm run build` calls it. Run by Node from the folder
 * of the package. Not for users of the package, who have no esbuild.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { build, type BuildOptions, type Plugin } from 'esbuild';

const root = join(__dirname, '..', '..');

const programs = { keyspace: 'sidecar/main.ts', local: 'sidecar/local/main.ts' } as const;

/** The client of object stores: a file of its own beside the programs, because its code alone would take 10 MiB in every agent. */
const s3Client = {
  file: 's3-client',
  contents: "export * from '@aws-sdk/client-s3'; export { Upload } from '@aws-sdk/lib-storage';",
} as const;

const apart: Plugin = {
  name: 'the client of object stores, apart',
  setup: (building) =>
    building.onResolve({ filter: /^@aws-sdk\// }, () => ({ path: `./${s3Client.file}.js`, external: true })),
};

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // What is imported late is required late: the names in a CommonJS file are not all known to an import.
  supported: { 'dynamic-import': false },
  minify: true,
  legalComments: 'external',
  logLevel: 'warning',
};

async function bundle(): Promise<void> {
  const present = Object.entries(programs).filter(([, source]) => existsSync(join(root, source)));
  await build({ ...common, entryPoints: Object.fromEntries(present), outdir: 'build/agent', plugins: [apart] });
  const { file, contents } = s3Client;
  await build({ ...common, stdin: { contents, resolveDir: root }, outfile: `build/agent/${file}.js` });
}

bundle().catch(() => {
  // esbuild has said why.
  process.exitCode = 1;
});
