import { problem, set, type Effect } from './effect';
import type { Rule } from './table';

/** Pairs of seconds and changes, as the engine's `save` has them: `900 1 300 10`. */
export function parseSave(text: string): { readonly afterSeconds: number; readonly changes: number }[] | undefined {
  const words = text
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2')
    .split(/\s+/)
    .filter(Boolean);
  if (words.length % 2 !== 0 || !words.every((word) => /^[1-9]\d{0,9}$/.test(word))) return undefined;
  const seconds = words.filter((_, index) => index % 2 === 0);
  return seconds.map((word, index) => ({ afterSeconds: Number(word), changes: Number(words[2 * index + 1]) }));
}

/** One rule of a list, `900 1`. */
export const snapshotRule: Rule = ({ value, steps }): Effect[] => {
  const [rule, ...more] = parseSave(String(value)) ?? [];
  if (!rule || more.length > 0) return [problem('must be seconds and changes, like "900 1"')];
  return [set(['persistence', 'snapshots', steps[0]!], rule)];
};
