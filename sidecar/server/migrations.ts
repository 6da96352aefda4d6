import { setTimeout as delay } from 'node:timers/promises';

import type { AgentConfig, NodeConfig } from '../../lib/contract/agent-config';
import { migrationUser } from '../../lib/contract/names';
import type { SlotServer } from '../edges';
import type { Words } from './commands';
import { replicationUserOf } from '../replication-user';
import type { SlotRange } from '../view';
import type { SlotMigration } from '../view-slots';

/** All at once, the replies in order. Rejects with the first error among them. */
export type Exchange = (commands: readonly Words[]) => Promise<readonly unknown[]>;

/** How long a source may take to be let in by its target. Milliseconds. */
const admissionMs = 5000;

/** Pause between two looks at whether it has been. Milliseconds. */
const lookMs = 5;

/** What a server can be asked about migrations. */
type Migrations = Pick<SlotServer, 'migrate' | 'signBackIn' | 'cancelMigrations'>;

/** The engine's own slot migration, as one server takes part in it. */
export function createMigrations(exchange: Exchange, readConfig: () => AgentConfig, { name }: NodeConfig): Migrations {
  const order = async (...words: Words): Promise<void> => {
    await exchange([words]);
  };
  const signInAs = (user: string): Promise<void> => order('CONFIG', 'SET', 'masteruser', user);
  const signBackIn = (): Promise<void> => signInAs(replicationUserOf(name, readConfig()));
  let migrating = Promise.resolve();

  /** A source signs in at its target as it would sign in as a replica: so it has the other name only until it has been let in. */
  async function migrate(slots: readonly SlotRange[], toId: string): Promise<void> {
    const { namespace, database } = readConfig();
    try {
      await signInAs(migrationUser(namespace, database));
      await order('CLUSTER', 'MIGRATESLOTS', 'SLOTSRANGE', ...slots.flat(), 'NODE', toId);
      for (let waitedMs = 0; waitedMs < admissionMs && (await isAtTheDoor(exchange)); waitedMs += lookMs) {
        await delay(lookMs);
      }
    } finally {
      await signBackIn();
    }
  }

  return {
    migrate(slots, toId) {
      // One after the other: it has one name for all that begin at the same time.
      migrating = migrating.catch(() => undefined).then(() => migrate(slots, toId));
      return migrating;
    },
    signBackIn,
    cancelMigrations: () => order('CLUSTER', 'CANCELSLOTMIGRATIONS', 'ALL'),
  };
}

/** States before a source has been let in: slotMigrationJobStateToString in https://github.com/valkey-io/valkey/blob/unstable/src/cluster_migrateslots.c */
const atTheDoor: ReadonlySet<string> = new Set(['connecting', 'sending-auth-command', 'reading-auth-response']);

async function isAtTheDoor(exchange: Exchange): Promise<boolean> {
  const [reply] = await exchange([['CLUSTER', 'GETSLOTMIGRATIONS']]);
  return exportsIn(reply as unknown[]).some((job) => atTheDoor.has(job.get('state') ?? ''));
}

/** States in which a migration has come to its end; all others are on the way. */
const ends: Readonly<Record<string, SlotMigration['state']>> = {
  success: 'done',
  failed: 'failed',
  cancelled: 'failed',
  canceled: 'failed',
};

/**
 * Those that leave this server, oldest first.
 *
 * Source: https://valkey.io/commands/cluster-getslotmigrations/
 */
export function parseMigrations(reply: readonly unknown[], nowMs: number): SlotMigration[] {
  return exportsIn(reply)
    .sort((a, b) => Number(a.get('create_time')) - Number(b.get('create_time')))
    .map((job): SlotMigration => ({
      toId: job.get('target_node') ?? '',
      slots: (job.get('slot_ranges') ?? '').split(' ').map(toRange),
      state: ends[job.get('state') ?? ''] ?? 'running',
      reason: job.get('message') ?? '',
      quietMs: Math.max(0, nowMs - Number(job.get('last_update_time')) * 1000),
    }));
}

/** Fields and values of each migration that leaves this server. */
function exportsIn(reply: readonly unknown[]): ReadonlyMap<string, string>[] {
  const jobs = reply.map((job) => {
    const words = (job as unknown[]).map(String);
    return new Map(words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? '']] : [])));
  });
  return jobs.filter((job) => job.get('operation') === 'EXPORT');
}

function toRange(text: string): SlotRange {
  const [first = '', last = first] = text.split('-');
  return [Number(first), Number(last)];
}
