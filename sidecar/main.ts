#!/usr/bin/env -S node --lite-mode --max-semi-space-size=1 --no-node-snapshot
// The flags are for a process that waits nearly all the time and runs beside every server: no compiler, a small heap, and
// internals loaded when they are needed. They hold for `keyspace status` in a pod too.
import { Command, CommanderError } from 'commander';

import { approve } from './commands/approve';
import { runAgent } from './commands/agent';
import { backup, type BackupOptions } from './commands/backup';
import { printBackups } from './commands/backups';
import { makeCredentials, type CredentialsOptions } from './commands/credentials';
import { drainBeforeSync, type DrainOptions } from './commands/drain';
import { fenceNode, unfenceNode, type FenceOptions } from './commands/fence';
import { pause } from './commands/pause';
import { printStatus } from './commands/status';
import { switchover, type SwitchoverOptions } from './commands/switchover';
import { reconcile } from './commands/reconcile';

const seconds = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`expected seconds above 0, got "${text}"`);
  return value;
};

/** Aborted by the first SIGTERM or SIGINT; a second one ends the process as usual. */
function untilTold(): AbortSignal {
  const told = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => told.abort());
  return told.signal;
}

const program = new Command('keyspace').description('The agent beside a Valkey, Redis or KeyDB server').exitOverride();

program
  .command('agent')
  .description('look after the server of this pod, and after the database when elected')
  .action(() => runAgent(process.env, untilTold()));

program
  .command('status')
  .description('look at the database once and print what was seen; exit 1 where slots are not served')
  .option('--json', 'the same as data')
  .action(async (options: { json?: boolean }) => void (process.exitCode = await printStatus(process.env, options)));

program
  .command('approve <shard>')
  .description('let the primary of a shard be replaced, where the spec says that a person decides')
  .action((shard: string) => approve(process.env, shard));

program
  .command('switchover [node]')
  .description('hand a shard over to a node, or to its best replica; exit 1 where it is not complete in time')
  .option('--shard <name>', 'where no node is named and there are several')
  .option('--timeout <seconds>', 'wait so long until it is verified', seconds, 60)
  .action(
    async (node: string | undefined, options: SwitchoverOptions) =>
      void (process.exitCode = await switchover(process.env, node, options)),
  );

for (const [name, paused, what] of [
  ['pause', true, 'have the agents watch and do nothing'],
  ['resume', false, 'have the agents act again'],
] as const) {
  program
    .command(name)
    .description(`${what}; exit 1 where one of them does not say so in time`)
    .option('--timeout <seconds>', 'wait so long until all know', seconds, 60)
    .action(
      async ({ timeout }: { timeout: number }) => void (process.exitCode = await pause(process.env, paused, timeout)),
    );
}

program
  .command('fence <node>')
  .description('have a node serve nobody until it is unfenced; exit 1 where it is not so in time')
  .option('--force', 'also the last node that serves its shard')
  .option('--timeout <seconds>', 'wait so long until it is so', seconds, 60)
  .action(
    async (node: string, options: FenceOptions) =>
      void (process.exitCode = await fenceNode(process.env, node, options)),
  );

program
  .command('unfence <node>')
  .description('let a node serve again; exit 1 where its agent does not say so in time')
  .option('--timeout <seconds>', 'wait so long until its agent knows', seconds, 60)
  .action(
    async (node: string, options: FenceOptions) =>
      void (process.exitCode = await unfenceNode(process.env, node, options)),
  );

program
  .command('reconcile')
  .description('do what is to be done until the database is complete; exit 1 where it is not in time')
  .option('--dry-run', 'say what would be done next, and do nothing')
  .option('--timeout <seconds>', 'give up after that long', seconds, 300)
  .action(
    async (options: { dryRun?: boolean; timeout: number }) =>
      void (process.exitCode = await reconcile(process.env, options)),
  );

program
  .command('credentials')
  .description('make a password in a Secret that has none')
  .requiredOption('--secret <name>', 'the Secret')
  .requiredOption('--key <key>', 'the key of the password in it')
  .action((options: CredentialsOptions) => makeCredentials(process.env, options));

program
  .command('drain')
  .description('wait until the shards that the mounted contract no longer has are drained; exit 1 where they cannot be')
  .option('--patience <seconds>', 'give up where no slot moves for that long', seconds, 3600)
  .action(
    async (options: DrainOptions) => void (process.exitCode = await drainBeforeSync(process.env, options, untilTold())),
  );

program
  .command('backup')
  .description('copy every shard to where backups go; exit 1 where there is no new backup')
  .option('--schedule <name>', 'the schedule that it is made for: how long it is kept')
  .option('--once <name>', 'the name under which it is made, unless it is there')
  .option('--verify <name>', 'read a backup again instead ("latest" for the newest); exit 1 where it is damaged')
  .action((options: BackupOptions) => backup(process.env, options, untilTold()));

program
  .command('backups')
  .description('print what backups there are, oldest first')
  .option('--json', 'the same as data')
  .action((options: { json?: boolean }) => printBackups(process.env, options));

program.parseAsync().then(
  () => process.exit(),
  (error: unknown) => {
    // Wrong usage has been explained already.
    if (error instanceof CommanderError) process.exit(error.exitCode);
    process.stderr.write(`keyspace: ${(error as Error).message}\n`);
    process.exit(1);
  },
);
