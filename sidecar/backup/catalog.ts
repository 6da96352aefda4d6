import { text } from 'node:stream/consumers';

import { latestBackup } from '../../lib/contract/names';
import { manifestFile, manifestSchema, type Manifest } from './manifest';
import type { BackupStore, StoredObject } from './store';

/** A backup in a store. */
export interface Backup {
  readonly name: string;
  readonly manifest: Manifest;
  /** What is missing or cut short; undefined where every object is there in its size. */
  readonly damage?: string;
}

/** What is in the folder of a database. */
export interface Catalog {
  /** Oldest first. */
  readonly backups: readonly Backup[];
  /** Manifests that this version does not understand, with why. They are left alone. */
  readonly unreadable: readonly { readonly name: string; readonly why: string }[];
  /** Objects that belong to no backup: what a process left that was killed, or one that is being made. */
  readonly strays: readonly StoredObject[];
}

/**
 * Reads what backups there are.
 *
 * @param folder of the database, with a `/` at its end
 */
export async function readCatalog(store: BackupStore, folder: string): Promise<Catalog> {
  const objects = await store.list(folder);
  const groups = new Map<string, StoredObject[]>();
  for (const object of objects) {
    const name = object.key.slice(folder.length).split('/')[0]!;
    groups.set(name, [...(groups.get(name) ?? []), object]);
  }
  const backups: Backup[] = [];
  const unreadable: { name: string; why: string }[] = [];
  const strays: StoredObject[] = [];
  for (const [name, group] of groups) {
    const key = `${folder}${name}/${manifestFile}`;
    if (!group.some((object) => object.key === key)) {
      strays.push(...group);
      continue;
    }
    const manifest = parseManifest(await readText(store, key));
    if (typeof manifest === 'string') unreadable.push({ name, why: manifest });
    else backups.push(assess(name, manifest, group, `${folder}${name}/`));
  }
  return { backups: backups.sort(byTime), unreadable, strays };
}

const byTime = (a: Backup, b: Backup): number =>
  a.manifest.startedAt < b.manifest.startedAt ? -1 : a.manifest.startedAt > b.manifest.startedAt ? 1 : 0;

const readText = async (store: BackupStore, key: string): Promise<string> => text(await store.get(key));

/** @returns what is wrong with it where it is none */
function parseManifest(json: string): Manifest | string {
  try {
    const result = manifestSchema.safeParse(JSON.parse(json));
    return result.success
      ? result.data
      : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  } catch (error) {
    return (error as Error).message;
  }
}

function assess(name: string, manifest: Manifest, objects: readonly StoredObject[], folder: string): Backup {
  const problems = manifest.shards.flatMap(({ file, bytes }) => {
    const found = objects.find(({ key }) => key === folder + file);
    if (!found) return [`${file} is missing`];
    return found.bytes === bytes ? [] : [`${file} has ${found.bytes} bytes instead of ${bytes}`];
  });
  return { name, manifest, ...(problems.length > 0 ? { damage: problems.join(', ') } : {}) };
}

/**
 * The backup of that name, or the newest that is whole.
 *
 * @param name `latest` stands for the newest
 * @throws Error where there is none
 */
export function findBackup({ backups, unreadable }: Catalog, name: string): Backup {
  if (name === latestBackup) {
    const newest = backups.filter(({ damage }) => damage === undefined).at(-1);
    if (!newest) throw new Error('there is no backup');
    return newest;
  }
  const found = backups.find((backup) => backup.name === name);
  if (found) return found;
  const why = unreadable.find((one) => one.name === name)?.why;
  if (why !== undefined) throw new Error(`the manifest of backup "${name}" is not understood: ${why}`);
  const names = backups.map((backup) => backup.name).slice(-5);
  throw new Error(
    `there is no backup "${name}"; ${names.length > 0 ? `the newest are ${names.join(', ')}` : 'there is none'}`,
  );
}

/** Removes a backup. Its manifest goes first: without it, what is left of a removal that is interrupted is no backup. */
export async function removeBackup(store: BackupStore, folder: string, name: string): Promise<void> {
  const prefix = `${folder}${name}/`;
  await store.remove(prefix + manifestFile);
  for (const { key } of await store.list(prefix)) await store.remove(key);
}
