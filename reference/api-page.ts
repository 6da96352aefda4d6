import type { Declaration, Property } from './docstrings';
import { defaultText, generated, table } from './markdown';

type Declarations = ReadonlyMap<string, Declaration>;

/** The reference of the package: constructs, their props, and what is thrown. */
export function apiPage(declarations: Declarations): string {
  const all = [...declarations.values()];
  const classes = all.filter(({ what }) => what === 'class');
  const shown = classes.filter(({ extends: wider }) => wider.includes('Database'));
  const others = classes.filter((one) => !shown.includes(one));
  const rest = all.filter(({ what }) => what !== 'class').sort((a, b) => a.name.localeCompare(b.name));
  return (
    [
      generated,
      '# API',
      'What `cdk8s-keyspace` exports. Every construct takes the name of the database as its id and the namespace of its chart; its props are the fields that a [YAML document](spec.md) has under `spec`.',
      '## Constructs',
      table(
        ['construct', 'what it is'],
        shown.map(({ name, text }) => [link(name), text]),
      ),
      ...shown.map((one) => describe(one, declarations)),
      ...others.map((one) => describe(one, declarations)),
      '## Props and types',
      ...rest.map((one) => describe(one, declarations)),
      '',
    ]
      .join('\n\n')
      .trimEnd() + '\n'
  );
}

const link = (name: string): string => `[\`${name}\`](#${name.toLowerCase()})`;

function describe(declaration: Declaration, declarations: Declarations): string {
  const { name, text, properties, constructs, type } = declaration;
  const wider = declaration.extends.filter((one) => declarations.has(one));
  const parts = [
    `### ${name}`,
    text,
    ...(wider.length > 0 ? [`With everything of ${wider.map(link).join(' and ')}.`] : []),
    ...(constructs ? [maker(name, constructs)] : []),
    ...(type ? [`\`\`\`ts\ntype ${name} = ${type.getText()};\n\`\`\``] : []),
    ...(properties.length > 0 ? [propertyTable(declaration, declarations)] : []),
  ];
  return parts.join('\n\n');
}

function maker(name: string, { text, throws, parameters }: NonNullable<Declaration['constructs']>): string {
  const said = [text, ...(throws ? [`Throws ${throws.replace(/^\w+/, link)}.`] : [])].join(' ').trim();
  return [`\`\`\`ts\nnew ${name}(${parameters});\n\`\`\``, ...(said === '' ? [] : [said])].join('\n\n');
}

/** Of props with defaults; what a construct has to read needs none. */
function propertyTable({ what, properties }: Declaration, declarations: Declarations): string {
  const row = ({ name, type, text }: Property) => [`\`${name}\``, linked(type.getText(), declarations), text];
  if (what === 'class') return table(['property', 'type', 'meaning'], properties.map(row));
  return table(
    ['property', 'type', 'default', 'meaning'],
    properties.map((property) => {
      const [name = '', type = '', text = ''] = row(property);
      return [name, type, property.optional ? defaultText(property.default) : defaultText(undefined), text];
    }),
  );
}

/** A type with a link to each part that is described here. */
function linked(type: string, declarations: Declarations): string {
  const line = type.replace(/\s+/g, ' ').replace(/^\| /, '');
  const parts = line.split(/\b([A-Z]\w+)\b/);
  if (!parts.some((part) => declarations.has(part))) return `\`${line}\``;
  const html = parts.map((part) =>
    declarations.has(part) ? `[${part}](#${part.toLowerCase()})` : part.replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  );
  return `<code>${html.join('')}</code>`;
}
