import type { AgentConfig } from '../../lib/contract/agent-config';
import type { Backup } from './catalog';

type BackupConfig = NonNullable<AgentConfig['backup']>;
type Retention = NonNullable<BackupConfig['retention']>;

const dayMs = 86_400_000;

/**
 * The backups that are not kept any longer. A schedule with a retention of its own counts its own backups; all others are counted
 * together. One that was made for its name stays until somebody deletes it, and so does the newest that is whole, whatever its age.
 *
 * @param backups oldest first
 * @returns their names, oldest first
 */
export function findExpired(
  backups: readonly Backup[],
  { retention, schedules }: Pick<BackupConfig, 'retention' | 'schedules'>,
  now: Date,
): string[] {
  const own = schedules.filter((schedule) => schedule.retention !== undefined);
  const groupOf = ({ manifest }: Backup) => own.find(({ name }) => name === manifest.schedule)?.name ?? '';
  const newest = backups.filter(isWhole).at(-1)?.name;
  return [...own, { name: '', retention }].flatMap((group) => {
    if (!group.retention) return [];
    const members = backups.filter((backup) => backup.manifest.cause !== 'once' && groupOf(backup) === group.name);
    return expiredOf(members, group.retention, now).filter((name) => name !== newest);
  });
}

const isWhole = ({ damage }: Backup): boolean => damage === undefined;

/** One that is damaged takes nobody's place among the newest, and is kept for its age alone. */
function expiredOf(members: readonly Backup[], { count = 0, days = 0 }: Retention, now: Date): string[] {
  const among = new Set(count > 0 ? members.filter(isWhole).slice(-count) : []);
  const isYoung = ({ manifest }: Backup) => now.getTime() - Date.parse(manifest.startedAt) < days * dayMs;
  return members.filter((backup) => !among.has(backup) && !isYoung(backup)).map(({ name }) => name);
}
