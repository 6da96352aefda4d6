/**
 * The cdk8s app: reads spec files and writes the manifests of every database in them.
 *
 * Files are the arguments (`npx tsx charts/main.ts specs/*.yaml`); without any, the examples of this repository.
 * KEYSPACE_AGENT_IMAGE names the agent's image for every spec that names none. CDK8S_OUTDIR says where to write.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { buildApp } from './app';
import { reportProblems, reportWarnings, type SpecFile } from './documents';
import { writeManifests } from './write';

function main(names: readonly string[]): void {
  const files = (names.length > 0 ? names : exampleFiles()).map(readSpecFile);
  const { app, problems, warnings, unheeded } = buildApp(files, { agentImage: process.env.KEYSPACE_AGENT_IMAGE });
  for (const line of reportWarnings([...warnings, ...unheeded])) console.error(line);
  if (problems.length === 0) {
    writeManifests(app);
    return;
  }
  console.error(reportProblems(problems));
  process.exitCode = 1;
}

function exampleFiles(): string[] {
  const folder = join(__dirname, '..', 'examples');
  if (!existsSync(folder)) throw new Error('no spec files: name them as arguments');
  const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  return names.sort().map((name) => relative('.', join(folder, name)));
}

const readSpecFile = (name: string): SpecFile => ({ name, text: readFileSync(name, 'utf8') });

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(`keyspace: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
