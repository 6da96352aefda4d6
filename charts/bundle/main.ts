/**
 * Bundles the library, the command and the programs of the agent image, a file each: `npm run build` calls it. Not for users of the package, who have
 * no esbuild.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { build, type BuildOptions, type Plugin } from 'esbuild';

import { dropInternalTypes } from './internal-types';
import { kubernetesObjects } from './kubernetes-objects';
import { licensesOf } from './licenses';

const root = join(__dirname, '../..');

const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly peerDependencies: Readonly<Record<string, string>>;
};

const library = { 'lib/index': 'lib/index.ts' } as const;

const programs = {
  'charts/main': 'charts/main.ts',
  'charts/cli': 'charts/cli.ts',
  'charts/import': 'charts/import.ts',
  'agent/keyspace': 'sidecar/main.ts',
  'agent/local': 'sidecar/local/main.ts',
} as const;

/** The client of object stores: a file of its own beside the programs, because its code alone would take 10 MiB in every agent. */
const s3Client = {
  file: 's3-client',
  contents: "export * from '@aws-sdk/client-s3'; export { Upload } from '@aws-sdk/lib-storage';",
} as const;

/** What few runs need is a file of its own, which the others need not read. */
const apart: Plugin = {
  name: 'files apart',
  setup: (building) => {
    building.onResolve({ filter: /^@aws-sdk\// }, () => ({ path: `./${s3Client.file}.js`, external: true }));
    building.onResolve({ filter: /^\.\/import(\.js)?$/ }, () => ({ path: './import.js', external: true }));
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // What is imported late is required late: the names in a CommonJS file are not all known to an import.
  supported: { 'dynamic-import': false },
  // cdk8s brings a copy; one is enough. And that as ES modules, which make one scope: a third less of it is looked at when a program starts.
  alias: { yaml: './node_modules/yaml/browser/index.js' },
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** An error shows the line it comes from, which must not be the whole program. */
const small = { ...common, minify: true, lineLimit: 500 } as const satisfies BuildOptions;

async function bundle(): Promise<void> {
  const { file, contents } = s3Client;
  const built = await Promise.all([
    // Constructs of a project and ours have to be of one class.
    build({
      ...common,
      entryPoints: library,
      outdir: 'build',
      external: Object.keys(peerDependencies),
      plugins: [kubernetesObjects],
    }),
    build({ ...small, entryPoints: programs, outdir: 'build', plugins: [apart, kubernetesObjects] }),
    build({ ...small, stdin: { contents, resolveDir: root }, outfile: `build/agent/${file}.js` }),
  ]);
  const sources = built.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  writeFileSync(join(root, 'build/LICENSES.txt'), licensesOf(root, sources));
  dropInternalTypes(join(root, 'build'), 'lib/index.d.ts');
}

bundle().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
