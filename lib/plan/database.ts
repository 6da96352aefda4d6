import { readDirectives } from '../contract/directives';
import { labels, objectNames, keys } from '../contract/names';
import { readFacts, type Facts } from './facts';
import { at, titleOf, type Manifest } from './manifest';

/** Every object of one database on one side. */
export interface Database {
  readonly namespace: string;
  readonly name: string;
  /** By kind and name, in the order of the manifests. */
  readonly objects: ReadonlyMap<string, Manifest>;
  readonly facts: Facts;
  /** The servers' directives, by name; a directive that may be there several times has all its values. */
  readonly directives: ReadonlyMap<string, string>;
}

/** A database on both sides. */
export interface Pair {
  readonly old: Database;
  readonly new: Database;
}

/** Manifests that cannot be compared. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
}

/**
 * Sorts manifests by the database they belong to: by `namespace/name`.
 *
 * @throws PlanError for an object that is there twice, and for a database whose agents are told nothing readable
 */
export function databasesOf(manifests: readonly Manifest[]): ReadonlyMap<string, Database> {
  const groups = new Map<string, Map<string, Manifest>>();
  for (const manifest of manifests) {
    const { namespace = '', labels: own = {} } = manifest.metadata;
    const id = databaseId(namespace, own[labels.instance] ?? '');
    const objects = groups.get(id) ?? new Map<string, Manifest>();
    const title = titleOf(manifest);
    if (objects.has(title)) throw new PlanError(`${id}: ${title} is there twice`);
    groups.set(id, objects.set(title, manifest));
  }
  return new Map([...groups].map(([id, objects]) => [id, describe(id, objects)]));
}

const databaseId = (namespace: string, name: string): string => (namespace === '' ? name : `${namespace}/${name}`);

function describe(id: string, objects: ReadonlyMap<string, Manifest>): Database {
  const name = id.slice(id.indexOf('/') + 1);
  const names = objectNames(name);
  const agentConfig = objects.get(`ConfigMap ${names.agentConfig}`);
  const facts = agentConfig && readFacts(agentConfig);
  if (!facts) {
    throw new PlanError(
      `${id}: no ConfigMap "${names.agentConfig}" that says what the database is; compare whole syntheses, of this version of the package or an older one`,
    );
  }
  const serverConfig = at(objects.get(`ConfigMap ${names.serverConfig}`), 'data', keys.serverConfig);
  return {
    namespace: id.includes('/') ? id.slice(0, id.indexOf('/')) : '',
    name,
    objects,
    facts,
    directives: joinedDirectives(typeof serverConfig === 'string' ? serverConfig : ''),
  };
}

const joinedDirectives = (text: string): ReadonlyMap<string, string> =>
  new Map([...readDirectives(text)].map(([name, values]) => [name, values.join('; ')]));

/** The objects of one kind. */
export const ofKind = ({ objects }: Database, kind: string): Manifest[] =>
  [...objects.values()].filter((manifest) => manifest.kind === kind);
