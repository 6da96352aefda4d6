import { Yaml } from 'cdk8s';

import { writeLine } from './yaml-line';

type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

/**
 * Documents as YAML, to the byte what cdk8s writes, in a tenth of the time. (Its writer builds a tree of nodes for every
 * document, and is most of the work of a synthesis.) What is not simple goes through cdk8s's own.
 *
 * @param documents what `ApiObject.toJson` gives
 */
export const toYaml = (documents: readonly unknown[]): string =>
  documents
    .map((document) => (isSimple(document as Value) ? write(document as Value) : Yaml.stringify(document)))
    .join('---\n');

const write = (document: Value): string => `${node(document, '').replace(/^\n| /, '')}\n`;

/** Every key is plain. Others change how what they hold is written. */
function isSimple(value: Value): boolean {
  if (typeof value !== 'object') return true;
  if (isList(value)) return value.every(isSimple);
  return Object.entries(value).every(([key, entry]) => isPlain(key) && isSimple(entry));
}

/** A value behind its key or dash: on the same line after a space, or on lines of its own. */
function node(value: Value, indent: string): string {
  if (typeof value !== 'object') return scalar(value, indent);
  if (isList(value)) return value.length === 0 ? ' []' : value.map((entry) => item(entry, indent)).join('');
  const entries = Object.entries(value);
  return entries.length === 0 ? ' {}' : entries.map(([key, entry]) => pair(key, entry, indent)).join('');
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

const pair = (key: string, value: Value, indent: string): string => `\n${indent}${key}:${node(value, indent + '  ')}`;

/** The first line of a block stands beside the dash. */
const item = (value: Value, indent: string): string =>
  `\n${indent}- ${node(value, indent + '  ').replace(/^(\n *| )/, '')}`;

function scalar(value: string | number | boolean, indent: string): string {
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return ` ${value}`;
  if (typeof value === 'number') return ` ${text(value)}`;
  if (!value.includes('\n')) return ` ${text(value)}`;
  const block = isPlainBlock(value) ? ` |\n  ${value.slice(0, -1).replace(/\n(?!\n)/g, '\n  ')}` : ` ${text(value)}`;
  return block.replace(/\n {2}/g, `\n${indent}`);
}

/** Lines that need no escape, begin without a space and end with one line break. */
const isPlainBlock = (value: string): boolean => /^[!-~](?:[ -~\n]*[!-~])?\n$/.test(value) && !/\n +(\n|$)/.test(value);

/** Without words that are no text in YAML 1.1: https://yaml.org/type/bool.html, and to cdk8s's writer `e0` is a number. */
const isPlain = (key: string): boolean =>
  /^[A-Za-z/](?:[\w./:=@-]*[\w/])?$/.test(key) && !/^(?:y|n|yes|no|on|off|true|false|null|e[-+]?\d+)$/i.test(key);

/** What cdk8s made of a text before; the same few come back in every object. */
const known = new Map<string | number, string>();
const mostKnown = 10_000;
const longestKnown = 200;

function text(value: string | number): string {
  const line = typeof value === 'string' ? writeLine(value) : undefined;
  if (line !== undefined) return line;
  const before = known.get(value);
  if (before !== undefined) return before;
  const written = Yaml.stringify({ key: value }).slice('key: '.length, -1);
  if (known.size < mostKnown && written.length <= longestKnown) known.set(value, written);
  return written;
}
