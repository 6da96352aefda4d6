import { apiPage } from './api-page';
import { readDeclarations } from './docstrings';
import { jsonSchema } from './json-schema';
import { specPage } from './spec-page';

/** What is generated, by the path of its file from the root of the project. */
export function referenceFiles(): Map<string, string> {
  const declarations = readDeclarations();
  return new Map([
    ['docs/reference/spec.md', specPage(declarations)],
    ['docs/reference/api.md', apiPage(declarations)],
    ['schema.json', `${JSON.stringify(jsonSchema(declarations), null, 2)}\n`],
  ]);
}
