import * as z from 'zod';

import { matching, wholeNumber } from './fields';
import { must, quote } from './problems';

const dnsLabels = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';

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

const octet = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4Range = new RegExp(`^${octet}(\\.${octet}){3}/(3[0-2]|[12]?\\d)$`);
const ipv6Range = /^(?=.*:)[0-9a-fA-F:.]{2,45}\/(12[0-8]|1[01]\d|\d?\d)$/;

/** A range of addresses. */
export const addressRange = z
  .string({ error: must('a range of addresses like "192.0.2.0/24"') })
  .refine((text) => ipv4Range.test(text) || ipv6Range.test(text), {
    error: must('a range of addresses like "192.0.2.0/24"'),
  });

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

const monthNames = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const dayNames = 'sun|mon|tue|wed|thu|fri|sat';

/** Of each of the five fields: least and most number, and what may stand instead. */
const cronFields = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, names: monthNames },
  { least: 0, most: 7, names: dayNames },
] as const;

function isCronField(text: string, field: { least: number; most: number; names?: string }): boolean {
  const value = (part: string) =>
    new RegExp(`^(${field.names ?? '(?!)'})$`, 'i').test(part) ||
    (/^\d{1,2}$/.test(part) && Number(part) >= field.least && Number(part) <= field.most);
  return text.split(',').every((item) => {
    const [range = '', step, ...more] = item.split('/');
    if (more.length > 0 || (step !== undefined && !/^[1-9]\d{0,1}$/.test(step))) return false;
    if (range === '*' || range === '?') return true;
    const ends = range.split('-');
    return ends.length <= 2 && ends.every(value);
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

/** A time zone of the IANA database. Whether it exists is the Kubernetes cluster's to know. */
export const timeZone = matching('a time zone like "Europe/Berlin"', /^[A-Z][\w+-]*(\/[\w+-]+)*$/, 64);

/** A moment in UTC. */
export const moment = z.iso.datetime({ error: must('a moment in UTC like "2026-11-21T09:30:00Z"') });
