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
  const shown = text.replace(userInfo, '...@');
  return shown.length > longestQuote ? `${shown.slice(0, longestQuote)}...` : shown;
}

/** The user and password of an address; what stands before `@sha256:` is an image. */
const userInfo = /[^\s"/]*:[^\s"]*@(?!sha256:)/g;

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

/** As {@link must}, of blocks: text in their place, or a list of it, may be a password. */
export const mustBlock =
  (allowed: string) =>
  ({ input }: { readonly input?: unknown }): string => {
    if (typeof input === 'string') return `must be ${allowed}, got text`;
    return Array.isArray(input) ? `must be ${allowed}, got a list` : wrong(allowed, input);
  };

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
      const [block, ...others] = issue.errors
        .filter((option) => option.some((one) => one.path.length > 0 || one.code === 'unrecognized_keys'))
        .sort((a, b) => strangers(a).length - strangers(b).length);
      if (block && isBlock(issue.input)) return flatten(block, path).map((one) => besides(one, path, block, others));
    }
    return [{ path, message: issue.message }];
  });
}

type Issues = readonly z.core.$ZodIssue[];

/** Fields that a block does not have. */
const strangers = (issues: Issues): readonly string[] =>
  issues.flatMap((issue) => (issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : []));

/** A field of another form of the block is not unknown: it cannot be beside what only this form has. */
function besides(
  problem: SpecProblem,
  path: SpecProblem['path'],
  block: Issues,
  others: readonly Issues[],
): SpecProblem {
  const field = String(problem.path[path.length]);
  if (problem.path.length !== path.length + 1 || !strangers(block).includes(field)) return problem;
  const other = others.find((form) => !strangers(form).includes(field));
  const own = other && strangers(other).filter((name) => !strangers(block).includes(name));
  if (!own || own.length === 0) return problem;
  return { ...problem, message: `cannot be beside ${own.map((name) => `"${name}"`).join(' and ')}; one or the other` };
}

const isBlock = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
