import type * as z from 'zod';

import { nearest } from './nearest';
import type { SpecProblem } from './spec-error';

/** Longest quoted value in a message. */
const longestQuote = 80;

/** A value as it stands in a message; of blocks and lists the form alone, because a password may be in them. */
export function quote(value: unknown): string {
  if (Array.isArray(value) && !value.every(isScalar)) return 'a list';
  if (isBlock(value)) return 'a block';
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return typeof value;
  return text.length > longestQuote ? `${text.slice(0, longestQuote)}...` : text;
}

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;

/** The message of a field that holds something else than it must. */
export const wrong = (allowed: string, value: unknown, why?: string): string =>
  (value === undefined ? `missing, must be ${allowed}` : `must be ${allowed}, got ${quote(value)}`) +
  (why ? `; ${why}` : '');

/** As zod's `error`: see {@link wrong}. */
export const must =
  (allowed: string, why?: string) =>
  (issue: { readonly input?: unknown }): string =>
    wrong(allowed, issue.input, why);

/** As {@link must}, of blocks: text in their place may be a password. */
export const mustBlock =
  (allowed: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    typeof input === 'string' ? `must be ${allowed}, got text` : wrong(allowed, input);

/** As {@link must}, where people put a password by mistake: what they wrote is not for a log. */
export const mustUnseen =
  (allowed: string) =>
  (issue: { readonly input?: unknown }): string =>
    issue.input === undefined
      ? `missing, must be ${allowed}`
      : `must be ${allowed}; what stands here may be a password, and is not repeated`;

/** The names of a block's fields, as the message of zod's `unrecognized_keys`, which has no other place for them. */
export const fieldNames = (names: readonly string[]): string => names.join(', ');

function unknownField(name: string, allowed: string): string {
  const meant = nearest(name, allowed.split(', '));
  return `unknown field; ${meant ? `did you mean "${meant}"?` : `there are: ${allowed}`}`;
}

/** What zod found, flat, in the order of the fields, each thing once. Inputs must be reported (`reportInput`). */
export function problemsOf(issues: readonly z.core.$ZodIssue[], base: SpecProblem['path'] = []): SpecProblem[] {
  // Two checks of a field may fail with one sentence, which says what both ask for.
  const told = new Set<string>();
  return flatten(issues, base).filter((problem) => {
    const line = JSON.stringify(problem);
    return !told.has(line) && told.add(line);
  });
}

function flatten(issues: readonly z.core.$ZodIssue[], base: SpecProblem['path']): SpecProblem[] {
  return issues.flatMap((issue): SpecProblem[] => {
    const path = [...base, ...(issue.path as (string | number)[])];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key], message: unknownField(key, issue.message) }));
    }
    if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => ({ path, message }));
    if (issue.code === 'invalid_union') {
      // Of "off" and some blocks a block is meant as soon as somebody wrote one: the one that has most of its fields.
      const [block] = issue.errors
        .filter((option) => option.some((one) => one.path.length > 0 || one.code === 'unrecognized_keys'))
        .sort((a, b) => strangers(a) - strangers(b));
      if (block && isBlock(issue.input)) return flatten(block, path);
    }
    return [{ path, message: issue.message }];
  });
}

/** Fields that a block does not have. */
const strangers = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.flatMap((issue) => (issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [])).length;

const isBlock = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
