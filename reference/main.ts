/** `npm run reference`: writes the reference and the JSON Schema, from the docstrings and the schemas of the spec. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { root } from './docstrings';
import { referenceFiles } from './files';

for (const [path, text] of referenceFiles()) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
