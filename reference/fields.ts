import ts from 'typescript';

import type { Kind } from '../lib/spec/kinds';
import type { Declaration, Property } from './docstrings';

/** A field of a spec at any depth. */
export interface Field {
  /** `auth.users[].name`: `[]` after a list. */
  readonly path: string;
  /** What it holds, in words. */
  readonly type: string;
  readonly text: string;
  /** As in a docstring; undefined where the field has to be said. */
  readonly default?: string;
}

type Declarations = ReadonlyMap<string, Declaration>;

/** Every property of an interface, with those of what it extends in front. */
export function allProperties(declarations: Declarations, name: string): Property[] {
  const { extends: wider, properties } = declarations.get(name)!;
  const own = new Set(properties.map((property) => property.name));
  const inherited = wider.flatMap((one) => (declarations.has(one) ? allProperties(declarations, one) : []));
  return [...inherited.filter((property) => !own.has(property.name)), ...properties];
}

/** Every field of a kind, blocks before what is in them. */
export const fieldsOf = (declarations: Declarations, kind: Kind): Field[] =>
  fieldsBelow(declarations, allProperties(declarations, `${kind}Props`), '');

function fieldsBelow(declarations: Declarations, properties: readonly Property[], path: string): Field[] {
  return properties.flatMap((property) => {
    const { type } = property;
    const here = `${path}${property.name}${isList(type) ? '[]' : ''}`;
    const field: Field = {
      path: here,
      type: inWords(declarations, type),
      text: property.text.replaceAll('\n', ' '),
      ...(property.optional ? { default: property.default ?? '' } : {}),
    };
    const below = blocksOf(declarations, type).flatMap((name) =>
      fieldsBelow(declarations, allProperties(declarations, name), `${here}.`),
    );
    return [field, ...below.filter((one, index) => below.findIndex(({ path: other }) => other === one.path) === index)];
  });
}

/** A type as what it stands for: parentheses, `readonly` and named types opened. */
function opened(declarations: Declarations, type: ts.TypeNode): ts.TypeNode {
  if (ts.isParenthesizedTypeNode(type) || ts.isTypeOperatorNode(type)) return opened(declarations, type.type);
  const alias = ts.isTypeReferenceNode(type) ? declarations.get(type.typeName.getText())?.type : undefined;
  return alias ? opened(declarations, alias) : type;
}

const isList = (type: ts.TypeNode): boolean => ts.isArrayTypeNode(ts.isTypeOperatorNode(type) ? type.type : type);

/** Names of the interfaces that a field may hold. */
function blocksOf(declarations: Declarations, written: ts.TypeNode): string[] {
  const type = opened(declarations, written);
  if (ts.isUnionTypeNode(type)) return type.types.flatMap((one) => blocksOf(declarations, one));
  if (ts.isArrayTypeNode(type)) return blocksOf(declarations, type.elementType);
  if (!ts.isTypeReferenceNode(type)) return [];
  const name = type.typeName.getText();
  return declarations.has(name) ? [name] : [];
}

const words: Readonly<Partial<Record<ts.SyntaxKind, string>>> = {
  [ts.SyntaxKind.StringKeyword]: 'text',
  [ts.SyntaxKind.NumberKeyword]: 'number',
  [ts.SyntaxKind.BooleanKeyword]: '`true` or `false`',
  [ts.SyntaxKind.UnknownKeyword]: 'anything',
};

function inWords(declarations: Declarations, written: ts.TypeNode): string {
  const type = opened(declarations, written);
  if (ts.isUnionTypeNode(type)) {
    const options = new Set(type.types.map((one) => inWords(declarations, one)));
    return [...options].join(' or ');
  }
  if (ts.isLiteralTypeNode(type)) return `\`${type.literal.getText().replaceAll("'", '')}\``;
  if (ts.isArrayTypeNode(type))
    return `list of ${inWords(declarations, type.elementType).replace(/^block$/, 'blocks')}`;
  if (ts.isTypeReferenceNode(type))
    return type.typeName.getText() === 'Readonly' ? mapInWords(declarations, type) : 'block';
  return words[type.kind] ?? type.getText();
}

/** `Readonly<Record<string, ...>>` */
function mapInWords(declarations: Declarations, type: ts.TypeReferenceNode): string {
  const [record] = type.typeArguments ?? [];
  const value = record && ts.isTypeReferenceNode(record) ? record.typeArguments?.[1] : undefined;
  if (!value) return 'block';
  return value.kind === ts.SyntaxKind.UnknownKeyword ? 'block' : `map to ${inWords(declarations, value)}`;
}
