import { readFileSync } from 'node:fs';

import type { Plugin } from 'esbuild';

/**
 * The file of cdk8s-plus-28 that has the objects of Kubernetes, as an ES module: only of such a bundler leaves out what nobody uses, which is most
 * of it.
 */
export const kubernetesObjects: Plugin = {
  name: 'objects of Kubernetes, those that are used',
  setup: (building) =>
    building.onLoad({ filter: /cdk8s-plus-28[\\/]lib[\\/]imports[\\/]k8s\.js$/ }, ({ path }) => ({
      contents: toModule(readFileSync(path, 'utf8')),
    })),
};

/** @throws Error where the file is not built as it was of old, and so would not be understood */
function toModule(text: string): string {
  const names = [...text.matchAll(/^exports\.(\w+) = \1;$/gm)].map(([, name]) => name);
  const enums = [...text.matchAll(/\((\w+) = exports\.\1 \|\| \(exports\.\1 = \{\}\)\)/g)].map(([, name]) => name);
  const code = text
    .replace('const cdk8s_1 = require("cdk8s");', 'import { ApiObject } from "cdk8s";')
    .replaceAll('cdk8s_1.ApiObject', 'ApiObject')
    .replace(/\((\w+) = exports\.\1 \|\| \(exports\.\1 = \{\}\)\)/g, '($1 = {})')
    // What every class has for a foreign language, and nothing here reads.
    .replace(/^(_\w+ = JSII_RTTI_SYMBOL_1|\w+\[_\w+\] = \{ fqn: .*|const JSII_RTTI_SYMBOL_1 = .*|var _a, .*);$/gm, '')
    .replace(/^(exports\.\w+ = .*|Object\.defineProperty\(exports, .*|"use strict");$/gm, '')
    // A class that is changed after it was made is never left out.
    .replace(/^(Kube\w+)\.GVK = /gm, 'const $1_GVK = ')
    .replace(/\b(Kube\w+)\.GVK\b/g, '$1_GVK')
    .replace(/^\/\/# sourceMappingURL=.*$/m, '');
  const left = /\bexports\b|\bcdk8s_1\b|JSII_RTTI|require\(/.exec(code);
  if (left || names.length === 0) {
    throw new Error(
      `cdk8s-plus-28 is built in another way than before: it has ${left ? `"${left[0]}"` : 'no exports'}`,
    );
  }
  return `${code}\nexport { ${[...names, ...enums].join(', ')} };\n`;
}
