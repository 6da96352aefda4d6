import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import ts from 'typescript';

/** Where the project is. */
export const root = resolve(__dirname, '..');

/** What a docstring says. */
export interface Docstring {
  /** One line a paragraph. */
  readonly text: string;
  /** After `@default`: the value itself, or ` - ` and what it depends on. */
  readonly default?: string;
  /** After `@throws`. */
  readonly throws?: string;
}

/** A property, of props or of a construct. */
export interface Property extends Docstring {
  readonly name: string;
  readonly optional: boolean;
  readonly type: ts.TypeNode;
}

/** An interface, a class or a named type, as its file has it. */
export interface Declaration extends Docstring {
  readonly name: string;
  readonly what: 'interface' | 'class' | 'type';
  /** Names of what it extends. */
  readonly extends: readonly string[];
  readonly properties: readonly Property[];
  /** Of a class whose constructor is for everybody. */
  readonly constructs?: Docstring & { readonly parameters: string };
  /** Of a named type. */
  readonly type?: ts.TypeNode;
}

/** Everything that the package exports, by name, in the order of `lib/index.ts`. */
export function readDeclarations(): Map<string, Declaration> {
  const declarations = parse('lib/index.ts').statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier) return [];
    const { exportClause: clause, moduleSpecifier: from } = statement;
    const chosen = clause && ts.isNamedExports(clause) ? clause.elements.map(({ name }) => name.text) : undefined;
    const all = parse(`lib/${(from as ts.StringLiteral).text}.ts`).statements.flatMap(declarationOf);
    return all.filter(({ name }) => chosen?.includes(name) ?? true);
  });
  return new Map(declarations.map((declaration) => [declaration.name, declaration]));
}

const parse = (file: string): ts.SourceFile =>
  ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);

function declarationOf(statement: ts.Statement): Declaration[] {
  const exported = ts.canHaveModifiers(statement)
    ? ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    : false;
  if (!exported) return [];
  if (ts.isInterfaceDeclaration(statement)) {
    return [
      { ...named(statement, statement.name.text), what: 'interface', properties: propertiesOf(statement.members) },
    ];
  }
  if (ts.isTypeAliasDeclaration(statement)) {
    const { type } = statement;
    return [{ ...named(statement, statement.name.text), what: 'type', properties: [], type }];
  }
  if (!ts.isClassDeclaration(statement) || !statement.name) return [];
  const maker = statement.members.find(ts.isConstructorDeclaration);
  return [
    {
      ...named(statement, statement.name.text),
      what: 'class',
      properties: [...(maker?.parameters.flatMap(parameterProperty) ?? []), ...propertiesOf(statement.members)],
      ...(maker && !isHidden(maker)
        ? { constructs: { ...docstringOf(maker), parameters: maker.parameters.map(parameterText).join(', ') } }
        : {}),
    },
  ];
}

/** A parameter that is a property as well. */
function parameterProperty(parameter: ts.ParameterDeclaration): Property[] {
  const { name, type } = parameter;
  if (!type || !ts.isParameterPropertyDeclaration(parameter, parameter.parent) || isHidden(parameter)) return [];
  const [tag] = ts.getJSDocParameterTags(parameter);
  const text = joined(ts.getTextOfJSDocComment(tag?.comment) ?? '');
  return [{ name: name.getText(), optional: false, type, text: `${text.charAt(0).toUpperCase()}${text.slice(1)}.` }];
}

/** Without words that only the class itself has a use for. */
const parameterText = ({ name, type }: ts.ParameterDeclaration): string =>
  `${name.getText()}: ${type?.getText() ?? 'unknown'}`;

const isHidden = (member: ts.Declaration): boolean =>
  (ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0;

function named(declaration: ts.InterfaceDeclaration | ts.ClassDeclaration | ts.TypeAliasDeclaration, name: string) {
  const clauses = 'heritageClauses' in declaration ? (declaration.heritageClauses ?? []) : [];
  return {
    ...docstringOf(declaration),
    name,
    extends: clauses.flatMap(({ types }) => types.map(({ expression }) => expression.getText())),
  };
}

function propertiesOf(members: ts.NodeArray<ts.TypeElement | ts.ClassElement>): Property[] {
  return members.flatMap((member) => {
    if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) return [];
    const { name, type, questionToken } = member;
    const docstring = docstringOf(member);
    if (!type || isHidden(member) || docstring.text === '') return [];
    return [{ ...docstring, name: name.getText(), optional: questionToken !== undefined, type }];
  });
}

const joined = (text: string): string =>
  text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*/g, ' ').trim())
    .join('\n')
    .replace(/\{@link (\w+)\}/g, '`$1`');

function docstringOf(node: ts.Node): Docstring {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).slice(-1);
  const text = joined(ts.getTextOfJSDocComment(comment?.comment) ?? '');
  const tag = (name: string): string | undefined => {
    const found = comment?.tags?.find(({ tagName }) => tagName.text === name);
    // The compiler reads `@throws SpecError that` as a type and a comment.
    return (
      found &&
      joined(
        found
          .getText()
          .replace(/^@\w+\s*/, '')
          .replace(/^\s*\*\s?/gm, ''),
      )
    );
  };
  const [fallback, throws] = [tag('default'), tag('throws')];
  return { text, ...(fallback ? { default: fallback } : {}), ...(throws ? { throws } : {}) };
}
