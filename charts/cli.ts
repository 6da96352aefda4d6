#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

import { Command } from 'commander';

import { version } from '../lib/contract/version';
import { addPlanCommand } from './commands/plan';
import { synthesize } from './synth';

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
  .command('local')
  .description('run a database on this machine, without Kubernetes')
  .helpOption(false)
  .allowUnknownOption()
  .passThroughOptions()
  .argument('[arguments...]')
  .action(async (args: string[]) => {
    process.exitCode = await runBundle(require.resolve('../agent/local.js'), args);
  });

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
