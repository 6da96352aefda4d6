import { engines } from '../lib/contract/engines';
import { schemas, type Kind } from '../lib/spec/kinds';
import type { Declaration } from './docstrings';
import { fieldsOf, type Field } from './fields';
import { defaultText, generated, table } from './markdown';

const kinds = Object.keys(schemas) as Kind[];

/** The reference of specs as YAML: every field of every kind, what it holds, its default and its meaning. */
export function specPage(declarations: ReadonlyMap<string, Declaration>): string {
  const fields = new Map(kinds.map((kind) => [kind, fieldsOf(declarations, kind)] as const));
  const everywhere = fields.get('Standalone')!.filter((field) => kinds.every((kind) => has(fields.get(kind)!, field)));
  const common = withoutTorn(everywhere, [...fields.values()].flat());
  const parts = kinds.map((kind) => {
    const own = fields.get(kind)!.filter(({ path }) => !common.some((field) => field.path === path));
    const { text } = declarations.get(`${kind}Props`)!;
    return `## Fields of \`${kind}\`\n\n${text} Beside the fields of every kind:\n\n${blocks(own)}`;
  });
  return `${generated}\n\n${introduction(declarations)}\n\n## Fields of every kind\n\n${blocks(common)}\n\n${parts.join('\n\n')}\n`;
}

const has = (fields: readonly Field[], { path, text, default: fallback }: Field): boolean =>
  fields.some((one) => one.path === path && one.text === text && one.default === fallback);

const top = (path: string): string => path.replace(/[.[].*$/, '');

/** A block of which a kind has more, or other fields, is described there as a whole. */
function withoutTorn(common: readonly Field[], all: readonly Field[]): Field[] {
  const torn = new Set(all.filter((field) => !has(common, field)).map(({ path }) => top(path)));
  return common.filter(({ path }) => !torn.has(top(path)));
}

function introduction(declarations: ReadonlyMap<string, Declaration>): string {
  const versions = Object.entries(engines).map(([name, { versions: known }]) => [`\`${name}\``, known.join(', ')]);
  const rows = kinds.map((kind) => [`[\`${kind}\`](#fields-of-${kind.toLowerCase()})`, declarations.get(kind)!.text]);
  return [
    '# Reference of the spec',
    'What a database may say, field by field. [The spec](../spec.md) tells how documents are written and what the fields mean together; the same fields as props of constructs are in the [API](api.md).',
    'A document has the fields `kind`, `metadata.name`, `metadata.namespace` and `spec`; those below stand in `spec`. `[]` after a name is a list. Quantities are Kubernetes quantities in quotes: bytes as `512Mi` or `10Gi`, processor cores as `500m` or `2`.',
    table(['kind', 'what it is'], rows),
    table(['engine', 'versions'], versions),
  ].join('\n\n');
}

/** Fields that stand alone in one table, then each block under a heading of its own. */
function blocks(fields: readonly Field[]): string {
  const names = [...new Set(fields.map(({ path }) => top(path)))];
  const groups = names.map((name) => fields.filter(({ path }) => top(path) === name));
  const single = groups.filter((group) => group.length === 1).flat();
  const nested = groups.filter((group) => group.length > 1);
  return [...(single.length > 0 ? [rows(single)] : []), ...nested.map(section)].join('\n\n');
}

function section([block, ...below]: readonly Field[]): string {
  const { path, type, text, default: fallback } = block!;
  const said = `${sentence(type)} ${fallback === undefined ? 'Has to be said.' : `Default: ${defaultText(fallback)}.`}`;
  return `### \`${path}\`\n\n${text}\n\n${said}\n\n${rows(below)}`;
}

/** `A block.` */
const sentence = (type: string): string =>
  `${/^[`lmt]/.test(type) ? type.replace(/^l/, 'L').replace(/^m/, 'M') : 'A block'}.`;

const rows = (fields: readonly Field[]): string =>
  table(
    ['field', 'holds', 'default', 'meaning'],
    fields.map(({ path, type, text, default: fallback }) => [`\`${path}\``, type, defaultText(fallback), text]),
  );
