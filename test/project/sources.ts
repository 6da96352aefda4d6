import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';

/** One source file of the project, parsed. */
export interface Source {
  /** From the root of the project: `sidecar/plan.ts`. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

export const root = resolve(__dirname, '../..');

/** Every TypeScript file below these folders. */
export function readSources(...folders: string[]): Source[] {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(root, folder, file)),
  );
  return files
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => {
      const text = readFileSync(file, 'utf8');
      const path = relative(root, file);
      return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) };
    });
}

/** What a file imports: paths from the root for files of the project, names for packages. */
export function importsOf({ path, tree }: Source): string[] {
  return tree.statements.flatMap((statement) => {
    const from =
      ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement) ? statement.moduleSpecifier : undefined;
    if (!from || !ts.isStringLiteral(from)) return [];
    return from.text.startsWith('.') ? [relative(root, resolve(root, path, '..', from.text))] : [from.text];
  });
}

/** Exported declarations without a docstring. */
export function undocumentedExports({ tree }: Source): string[] {
  return tree.statements.flatMap((statement) => {
    if (!ts.canHaveModifiers(statement)) return [];
    const exported = ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
    if (!exported || ts.getJSDocCommentsAndTags(statement).length > 0) return [];
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(({ name }) => name.getText(tree));
    }
    return 'name' in statement ? [(statement.name as ts.Identifier).text] : [];
  });
}
