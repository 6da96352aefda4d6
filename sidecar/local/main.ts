#!/usr/bin/env node
import { constants } from 'node:os';

import { Command, CommanderError } from 'commander';

import { run, type RunOptions } from './run';

/** What a shell reports of a program that ended by this signal. */
const exitCodeOf = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

const stop = new AbortController();
const kill = new AbortController();
let endedBy: NodeJS.Signals | undefined;
const tell = (signal: NodeJS.Signals): void => {
  endedBy ??= signal;
  if (stop.signal.aborted) kill.abort();
  stop.abort();
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, tell);
// Nobody reads on, as after `| head`; each further line fails in the same way.
process.stdout.on('error', () => {
  if (!stop.signal.aborted) tell('SIGPIPE');
});

const program = new Command('keyspace local')
  .description('run the manifests of one database on this machine, without Kubernetes')
  .argument('<file>', 'manifests, as synth writes them: dist/orders.k8s.yaml')
  .option('--keep <folder>', 'keep the data in this folder, and go on with what is there')
  .option('--demo', 'wait until it is healthy, use it, kill a primary, and end')
  .addHelpText(
    'after',
    '\nA server of your own is named by the environment variable KEYSPACE_SERVER. Ctrl-C ends it, twice at once.',
  )
  .exitOverride()
  .action((file: string, options: Omit<RunOptions, 'file'>) =>
    run({ file, ...options }, { stop: stop.signal, kill: kill.signal }),
  );

program.parseAsync().then(
  // To be told to end is how a run without a demonstration ends.
  () => process.exit(endedBy && program.opts().demo === true ? exitCodeOf(endedBy) : 0),
  (error: unknown) => {
    // Wrong usage has been explained already.
    if (error instanceof CommanderError) process.exit(error.exitCode);
    if (endedBy) process.exit(exitCodeOf(endedBy));
    process.stderr.write(`keyspace local: ${(error as Error).message}\n`);
    process.exit(1);
  },
);
