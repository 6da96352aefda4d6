const minutesOf = { h: 60, m: 1, s: 1 / 60 } as const;

/** Minutes of a duration as Go writes it: `1h30m`. */
function minutes(text: string): number | undefined {
  if (!/^(\d+[hms])+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+)([hms])/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * minutesOf[unit as keyof typeof minutesOf], 0);
}

/** The times of `@every`, where a day is a whole number of them. */
function everyAsCron(duration: string): string | undefined {
  const every = minutes(duration);
  if (every === undefined || every < 1 || !Number.isInteger(every)) return undefined;
  if (every < 60) return 60 % every === 0 ? `*/${every} * * * *` : undefined;
  const hours = every / 60;
  if (hours === 24) return '0 0 * * *';
  return Number.isInteger(hours) && 24 % hours === 0 ? `0 */${hours} * * *` : undefined;
}

/** A schedule of the operator as a CronJob has it. */
export function readSchedule(
  text: string,
): { readonly cron: string; readonly timeZone?: string } | { readonly problem: string } {
  const [, zone, schedule = ''] = /^\s*(?:(?:CRON_)?TZ=(\S+)\s+)?(.*?)\s*$/.exec(text) ?? [];
  const around = zone === undefined ? {} : { timeZone: zone };
  if (!schedule.startsWith('@every')) {
    return schedule === ''
      ? { problem: 'missing, must be a time as cron writes it, like "0 3 * * *"' }
      : { cron: schedule, ...around };
  }
  const cron = everyAsCron(schedule.replace(/^@every\s*/, ''));
  if (cron !== undefined) return { cron, ...around };
  return {
    problem:
      'must be a time as cron writes it, like "0 */6 * * *"; a CronJob has no "@every" that does not divide a day',
  };
}
