import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseAllDocuments } from 'yaml';

import { kubectl } from './command';

const folder = join(__dirname, '../../../imports/crds');

interface Definition {
  readonly metadata: { readonly name: string };
}

const definitions: readonly Definition[] = readdirSync(folder).flatMap((file) =>
  parseAllDocuments(readFileSync(join(folder, file), 'utf8'))
    .map((document) => document.toJS() as Definition | null)
    .filter((definition) => definition !== null),
);

/** Definitions of other projects' resources in the Kubernetes cluster. */
export interface Definitions {
  /** Takes those away that were not there before. */
  readonly remove: () => Promise<void>;
}

/** Makes the definitions of every resource that manifests may have and Kubernetes does not; what is there stays as it is. */
export async function installDefinitions(): Promise<Definitions> {
  const there = await kubectl(['get', 'customresourcedefinitions', '--output=name']);
  const missing = definitions.filter(({ metadata }) => !there.includes(`/${metadata.name}\n`));
  const names = missing.map(({ metadata }) => `customresourcedefinition/${metadata.name}`);
  if (missing.length > 0) {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: missing });
    await kubectl(['create', '--filename=-'], { input });
    await kubectl(['wait', '--for=condition=Established', ...names]);
  }
  return {
    async remove() {
      if (names.length > 0) await kubectl(['delete', ...names]);
    },
  };
}
