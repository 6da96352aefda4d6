#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

import { Command } from 'commander';

import { version } from '../lib/contract/version';
import { addPlanCommand } from './commands/plan';
import { reportProblems, reportWarnings, type SpecFile } from './documents';
import type { ImportedFiles } from './import';
import { synthesize } from './synth';

/** Exit code of a command that was not understood. */
const wrongUsage = 2;

const program = new Command('keyspace')
  .description('Valkey, Redis and KeyDB on Kubernetes from a typed spec')
  .version(version)
  .enablePositionalOptions();

program
  .command('synth')
  .description('write the manifests of the cdk8s app in this folder; a failure leaves the old ones as they are')
  .action(() => {
    process.exitCode = synthesize(process.cwd(), (line) => console.log(line));
  });

addPlanCommand(program);

program
  .command('import')
  .description('turn documents of the operators that this replaces into specs, on standard output')
  .argument('<files...>', 'files with their resources; - is standard input')
  .option('-n, --namespace <name>', 'namespace of resources that name none')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : wrongUsage))
  .action(async (names: string[], options: { namespace?: string }) => {
    // What this command alone needs is loaded by nobody else.
    const { importFiles } = await import('./import.js');
    const files = readFiles(names);
    process.exitCode = files ? printImport(importFiles(files, options)) : wrongUsage;
  });

program
  .command('local')
  .description('run a database on this machine, without Kubernetes')
  .helpOption(false)
  .allowUnknownOption()
  .passThroughOptions()
  .argument('[arguments...]')
  .action(async (args: string[]) => {
    process.exitCode = await runBundle(join(__dirname, '../agent/local.js'), args);
  });

/** @returns undefined where a file cannot be read, which has been said */
function readFiles(names: readonly string[]): SpecFile[] | undefined {
  try {
    return names.map((name) => ({ name, text: readFileSync(name === '-' ? 0 : name, 'utf8') }));
  } catch (error) {
    console.error(`keyspace: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** @returns the exit code: 1 where some document could not be taken */
function printImport({ yaml, warnings, problems }: ImportedFiles): number {
  process.stdout.write(yaml);
  for (const line of reportWarnings(warnings)) console.error(line);
  if (problems.length === 0) return 0;
  console.error(reportProblems(problems));
  return 1;
}

/** @returns the exit code of the program, 128 and the number of the signal where one ended it */
function runBundle(file: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [file, ...args], { stdio: 'inherit' });
  // The child decides when it is over. Ctrl-C reaches it without our help, and twice would be something else to it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
}

program.parseAsync().catch((error: unknown) => {
  console.error(`keyspace: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
