import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { parseAllDocuments } from 'yaml';

interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** Most that is read from git at once. */
const mostBytes = 2 ** 30 - 1;

const isManifest = (name: string): boolean => /\.(ya?ml|json)$/.test(name);

/**
 * Every document of a place, parsed.
 *
 * @param place a file; a folder, with all folders below; or one of both in a git revision: `main:dist`
 * @throws Error where there is none, or a text is no YAML
 */
export function readManifests(place: string): unknown[] {
  const files = existsSync(place) ? filesAt(place) : filesInRevision(place);
  return files.flatMap(parseManifests);
}

function filesAt(place: string): TextFile[] {
  if (!statSync(place).isDirectory()) return [{ name: place, text: readFileSync(place, 'utf8') }];
  const names = readdirSync(place, { recursive: true, encoding: 'utf8' }).filter(isManifest).sort();
  return names.map((name) => ({ name: join(place, name), text: readFileSync(join(place, name), 'utf8') }));
}

function filesInRevision(place: string): TextFile[] {
  const colon = place.indexOf(':');
  const [revision, path] = [place.slice(0, colon), place.slice(colon + 1)];
  if (colon < 1 || revision.startsWith('-')) {
    throw new Error(`"${place}": no such file or folder, and no git revision with one, as in "main:dist"`);
  }
  const object = git(['rev-parse', '--verify', '--quiet', place]).trim();
  if (object === '') throw new Error(`"${place}": git knows no such revision, or it has no "${path}"`);
  if (git(['cat-file', '-t', object]).trim() === 'blob') return readBlobs([{ hash: object, name: place }]);
  const entries = git(['ls-tree', '-r', '-z', object]).split('\0');
  const blobs = entries.flatMap((entry) => {
    const [, hash = '', name = ''] = /^\d+ blob (\w+)\t([^]*)$/.exec(entry) ?? [];
    return isManifest(name) ? [{ hash, name: `${place}/${name}` }] : [];
  });
  return readBlobs(blobs);
}

/** All in one run of git: https://git-scm.com/docs/git-cat-file#_batch_output */
function readBlobs(blobs: readonly { readonly hash: string; readonly name: string }[]): TextFile[] {
  const output = Buffer.from(git(['cat-file', '--batch'], blobs.map(({ hash }) => `${hash}\n`).join('')));
  let from = 0;
  return blobs.map(({ name }) => {
    const start = output.indexOf('\n', from) + 1;
    const size = Number(output.toString('utf8', from, start).split(' ')[2]);
    from = start + size + 1;
    return { name, text: output.toString('utf8', start, start + size) };
  });
}

/** @returns what git says, nothing where it fails */
function git(args: readonly string[], input = ''): string {
  const { status, stdout } = spawnSync('git', args, { input, encoding: 'utf8', maxBuffer: mostBytes });
  return status === 0 ? stdout : '';
}

function parseManifests({ name, text }: TextFile): unknown[] {
  const parsed = parseAllDocuments(text);
  const documents = 'empty' in parsed ? [] : parsed;
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error) throw new Error(`${name}: not YAML: ${error.message}`);
  return documents.map((document) => document.toJS() as unknown);
}
