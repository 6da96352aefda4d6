import type { AgentConfig } from '../../lib/contract/agent-config';
import type { Clock } from '../edges';
import { locate } from '../home/paths';
import { createMounted } from '../mounted';

/** The database's password while it changes. */
export interface PasswordNow {
  /** As it is mounted. */
  readonly newest: string;
  /** Every one that is good, the one to say first. */
  readonly inTurn: readonly string[];
}

/** Follows the mounted password; undefined where auth is off. */
export type Passwords = () => Promise<PasswordNow | undefined>;

/** A password, and when this process first saw it, by its own clock. */
export interface Seen {
  readonly password: string;
  readonly atMs: number;
}

/**
 * Kubelets bring a new password to one node a minute before another. For half of the time for which an old one goes on working it is
 * said first: by then every node knows the new one, and none has forgotten the old.
 *
 * @param seen the newest first, at least one
 */
export function takeTurns(seen: readonly Seen[], nowMs: number, overlapMs: number): PasswordNow {
  const [newest, ...older] = seen as [Seen, ...Seen[]];
  const good = older.filter((_, index) => nowMs - seen[index]!.atMs < overlapMs).map(({ password }) => password);
  const [last, ...others] = good;
  const settled = last === undefined || nowMs - newest.atMs >= overlapMs / 2;
  const inTurn = settled ? [newest.password, ...good] : [last, newest.password, ...others];
  return { newest: newest.password, inTurn };
}

/** Remembers what was mounted before, for as long as it is good and this process runs. */
export function createPasswords(readConfig: () => AgentConfig, home: string, clock: Pick<Clock, 'now'>): Passwords {
  let mounted: (() => Promise<string>) | undefined;
  let seen: readonly Seen[] = [];
  return async () => {
    const { auth } = readConfig();
    if (auth === 'off') return undefined;
    mounted ??= createMounted([locate(home, auth.agent.passwordFile)], ([text]) => text!);
    const password = await mounted();
    const now = clock.now();
    if (seen[0]?.password !== password) {
      seen = [{ password, atMs: now }, ...seen.filter((one) => one.password !== password)];
    }
    return takeTurns(seen, now, overlapOf(auth));
  };
}

/** How long a password that was replaced goes on working. Milliseconds. */
export const overlapOf = ({ overlapSeconds = 0 }: Exclude<AgentConfig['auth'], 'off'>): number => overlapSeconds * 1000;
