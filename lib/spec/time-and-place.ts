import * as z from 'zod';

import { dnsLabels, matching, wholeNumber } from './fields';
import { must, quote } from './problems';

/** A host name, or its pattern with `*` for the first part. */
export const dnsName = matching(
  'a host name: lower-case letters, digits, "-" and ".", perhaps with "*." in front',
  new RegExp(`^(\\*\\.)?${dnsLabels}$`),
  253,
);

/** A host name or an address. */
export const host = matching('a host name or an address', /^[A-Za-z0-9]([-A-Za-z0-9.:]*[A-Za-z0-9])?$/, 253);

/** A host name in which `{node}` stands for the name of a node. */
export const nodeHost = matching(
  'a host name with "{node}" in it, like "{node}.db.example.com"',
  new RegExp(`^(?=.*\\{node\\})${dnsLabels.replaceAll('[a-z0-9]', '(?:[a-z0-9]|\\{node\\})')}$`),
  253,
);

/** The number of a TCP port. */
export const port = wholeNumber(1, 65_535);

const secondsOf = { h: 3600, m: 60, s: 1 } as const;

/** Seconds of a duration as Go and cert-manager write it: `1h30m`; undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+[hms])+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+)([hms])/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * secondsOf[unit as 'h' | 'm' | 's'], 0);
}

/** A duration of at least so many seconds. Stays the text it is. */
export function duration(leastSeconds: number) {
  const error = must(`a duration like "2160h", of at least ${leastSeconds / 60} minutes`);
  return z.string({ error }).refine((text) => (parseDuration(text) ?? 0) >= leastSeconds, { error });
}

const cronMacros = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** A part of a time: its least and most number, and words that stand for them in order. */
interface CronField {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

/** Sunday is 0 only, and a range ends where it began or later: https://pkg.go.dev/github.com/robfig/cron/v3 */
const cronFields: readonly CronField[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, names: monthNames },
  { least: 0, most: 6, names: dayNames },
];

function isCronField(text: string, { least, most, names = [] }: CronField): boolean {
  const number = (part: string) => {
    const named = names.indexOf(part.toLowerCase());
    if (named >= 0) return least + named;
    return /^\d{1,2}$/.test(part) ? Number(part) : NaN;
  };
  return text.split(',').every((item) => {
    const [range = '', step, ...more] = item.split('/');
    if (more.length > 0 || (step !== undefined && !/^[1-9]\d{0,1}$/.test(step))) return false;
    if (range === '*' || range === '?') return true;
    const [first = NaN, last = first, ...others] = range.split('-').map(number);
    return others.length === 0 && first >= least && first <= last && last <= most;
  });
}

const isCron = (text: string): boolean => {
  if (cronMacros.includes(text)) return true;
  const parts = text.trim().split(/\s+/);
  return parts.length === cronFields.length && cronFields.every((field, index) => isCronField(parts[index]!, field));
};

/** When a CronJob runs: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax */
export const cron = z
  .string({ error: must('a time as cron writes it, like "0 3 * * *"') })
  .refine(isCron, { error: ({ input }) => cronProblem(String(input)) });

const cronProblem = (text: string): string =>
  text.startsWith('@every')
    ? `must be a time as cron writes it, like "0 */6 * * *", got ${quote(text)}; a CronJob has no "@every"`
    : `must be a time as cron writes it, like "0 3 * * *", got ${quote(text)}`;

const zoneForm = 'a time zone like "Europe/Berlin"';

const zonePattern = /^[A-Z][\w+-]*(\/[\w+-]+)*$/;

/** A time zone of the IANA database, as it is written there. */
export const timeZone = matching(zoneForm, zonePattern, 64).refine(
  (zone) => !zonePattern.test(zone) || isTimeZone(zone),
  { error: must(zoneForm, 'there is no such zone') },
);

function isTimeZone(zone: string): boolean {
  try {
    const { timeZone: known } = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions();
    // Kubernetes minds the case of letters. A zone may be known by another name altogether.
    return known === zone || known.toLowerCase() !== zone.toLowerCase();
  } catch {
    return false;
  }
}

/** A moment in UTC. */
export const moment = z.iso.datetime({ error: must('a moment in UTC like "2026-11-21T09:30:00Z"') });
