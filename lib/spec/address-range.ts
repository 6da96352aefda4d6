import * as z from 'zod';

import { must } from './problems';

/** The addresses that begin with the same bits. */
interface AddressRange {
  /** Of a whole address, a digit each: 32 of IPv4, 128 of IPv6. */
  readonly bits: string;
  /** How many of them the addresses have in common. */
  readonly length: number;
}

const binary = (parts: readonly number[], width: number): string =>
  parts.map((part) => part.toString(2).padStart(width, '0')).join('');

function ipv4Bits(text: string): string | undefined {
  const octets = text.split('.');
  const sound = octets.length === 4 && octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256);
  return sound ? binary(octets.map(Number), 8) : undefined;
}

/** `::` stands once, for as many groups of zeros as are missing. */
function ipv6Bits(text: string): string | undefined {
  const [front = '', back, ...more] = text.split('::');
  const groupsOf = (part: string) => (part === '' ? [] : part.split(':'));
  const [first, last] = [groupsOf(front), groupsOf(back ?? '')];
  const missing = 8 - first.length - last.length;
  const sound = more.length === 0 && (back === undefined ? missing === 0 : missing > 0);
  const groups = sound ? [...first, ...Array<string>(missing).fill('0'), ...last] : [];
  const known = sound && groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group));
  return known
    ? binary(
        groups.map((group) => Number.parseInt(group, 16)),
        16,
      )
    : undefined;
}

/** `192.0.2.0/24` or `2001:db8::/32`; undefined where it is neither. */
function parseRange(text: string): AddressRange | undefined {
  const [, address = '', digits = ''] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const bits = ipv4Bits(address) ?? ipv6Bits(address);
  return bits !== undefined && Number(digits) <= bits.length ? { bits, length: Number(digits) } : undefined;
}

/** A range of addresses. */
export const addressRange = z
  .string({ error: must('a range of addresses like "192.0.2.0/24"') })
  .refine((text) => parseRange(text) !== undefined, { error: must('a range of addresses like "192.0.2.0/24"') });

/** Whether a range is a part of another, and not the whole of it. */
export function isWithin(inner: string, outer: string): boolean {
  const [part, whole] = [parseRange(inner), parseRange(outer)];
  const isSameFamily = part !== undefined && part.bits.length === whole?.bits.length;
  return isSameFamily && part.length > whole.length && part.bits.startsWith(whole.bits.slice(0, whole.length));
}
