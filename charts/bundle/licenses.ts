import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/**
 * The terms of every package that is in a bundle, each once: most ask to be passed on with the code.
 *
 * @param root folder that the sources are named from
 * @param sources files in the bundles, of packages and others
 */
export function licensesOf(root: string, sources: readonly string[]): string {
  const folders = new Set(sources.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
  const namesOf = new Map<string, string[]>();
  for (const folder of [...folders].sort()) {
    const terms = termsOf(join(root, folder));
    namesOf.set(terms, [...(namesOf.get(terms) ?? []), nameOf(join(root, folder))]);
  }
  return [...namesOf].map(([terms, names]) => `${names.join('\n')}\n\n${terms}\n`).join(`${'-'.repeat(80)}\n`);
}

function nameOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson;
  return `${name} ${version} (${license})`;
}

function termsOf(folder: string): string {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.(md|txt))?$/i.test(name));
  return file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
}
