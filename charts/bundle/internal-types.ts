import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

/** Removes the declarations in a folder that none who imports the entry ever reads, and which import what the package does not bring. */
export function dropInternalTypes(folder: string, entry: string): void {
  const options = { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16, types: [] };
  const read = ts.createProgram([join(folder, entry)], options).getSourceFiles();
  const kept = new Set(read.map(({ fileName }) => fileName));
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => file.endsWith('.d.ts') && !kept.has(file))
    .forEach((file) => rmSync(file));
}
