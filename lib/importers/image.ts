import { compareVersions, engines, type Engine, type EngineName } from '../contract/engines';
import { problem, set, warning, type Effect } from './effect';

/** What an operator runs where a document does not say. */
export interface UsualServer {
  readonly engine: EngineName;
  /** `major.minor` */
  readonly version: string;
}

/** An image, taken apart. */
interface Image {
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

function parseImage(image: string): Image | undefined {
  const [, repository, tag, digest] =
    /^((?:[\w.-]+(?::\d+)?\/)?[\w.-]+(?:\/[\w.-]+)*)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(
      image,
    ) ?? [];
  return repository === undefined ? undefined : { repository, tag, digest };
}

/** What an image runs; undefined where nobody can tell, or this package does not know it. */
export function engineOfImage(image: string | undefined, usual: UsualServer, fixed = false): Engine | undefined {
  const effects = imageEffects(image ?? '', usual, fixed);
  const valueOf = (field: string) => effects.find((effect) => effect.kind === 'set' && effect.path[0] === field);
  const [name, version] = [valueOf('engine'), valueOf('version')];
  if (name?.kind !== 'set' || version?.kind !== 'set') return undefined;
  return { name: name.value as EngineName, version: String(version.value) };
}

/** The engine that a repository is named after: `eqalpha/keydb`, `registry.example/valkey`. */
const engineOf = (repository: string): EngineName | undefined =>
  (['keydb', 'valkey', 'redis'] as const).find((engine) => repository.toLowerCase().includes(engine));

/** Engine, version and image out of the image of an old document. */
export function imageEffects(image: string, usual: UsualServer, fixed = false): Effect[] {
  const parsed = parseImage(image.trim());
  if (!parsed) return [problem('must be an image, like "registry.example/valkey:8.1"')];
  const engine = (fixed ? undefined : engineOf(parsed.repository)) ?? usual.engine;
  const { version, effects } = versionOfTag(engine, parsed, usual);
  const exact = effects.length === 0 && version !== undefined;
  const kept = parsed.digest !== undefined || exact || (namesVersion(parsed.tag) === undefined && isOwnTag(parsed));
  const elsewhere = !isOfficial(engine, parsed.repository);
  const replaced = elsewhere && version ? `${parsed.repository}:${version}` : undefined;
  const written = kept ? image.trim() : replaced;
  return [
    set('engine', engine),
    ...(version === undefined ? [] : [set('version', version)]),
    ...(written === undefined ? [] : [set('image', written)]),
    ...effects,
  ];
}

const isOfficial = (engine: EngineName, repository: string): boolean =>
  engines[engine].image('').startsWith(`${repository.replace(/^docker\.io\/(library\/)?/, '')}:`);

/** `7.2`, `7` or nothing of the tags `7.2.4-alpine`, `v7` and `latest`. KeyDB's are like `x86_64_v6.3.4`. */
const namesVersion = (tag: string | undefined): string | undefined =>
  /(?:^|[^\d.])(\d+\.\d+)/.exec(tag ?? '')?.[1] ?? /^v?(\d+)(?![\d.])/.exec(tag ?? '')?.[1];

/** A tag somebody gave to an image of their own; words like `latest` stand for another image every other day. */
const isOwnTag = ({ tag }: Image): boolean => tag !== undefined && !/^(latest|stable|alpine|edge|unstable)$/.test(tag);

function versionOfTag(
  engine: EngineName,
  { tag, digest }: Image,
  usual: UsualServer,
): { readonly version?: string; readonly effects: Effect[] } {
  const named = namesVersion(tag);
  if (named !== undefined) return knownVersion(engine, named);
  const version = usual.engine === engine ? usual.version : engines[engine].versions.at(-1)!;
  const what = tag === undefined ? (digest ? 'a digest' : 'no tag') : `"${tag}"`;
  return { version, effects: [warning(`${what} names no version; taken as ${engine} ${version}: check "version"`)] };
}

/** The version of ours that stands for one that a document names: `7.2`, `7.2.4`, `7`. */
export function knownVersion(
  engine: EngineName,
  named: string,
): { readonly version?: string; readonly effects: Effect[] } {
  const { versions } = engines[engine];
  const [minor] = /^\d+\.\d+/.exec(named) ?? [];
  if (minor !== undefined && versions.includes(minor)) return { version: minor, effects: [] };
  const sameMajor = versions.filter((version) => version.split('.')[0] === named.split('.')[0]);
  const next = minor === undefined ? sameMajor.at(-1) : versions.find((version) => compareVersions(version, minor) > 0);
  if (next === undefined) {
    const known = versions.join(', ');
    return { effects: [problem(`${engine} ${named} is not known; there are ${known}`)] };
  }
  const why = minor === undefined ? 'names no minor version' : 'is not supported';
  return { version: next, effects: [warning(`${engine} ${named} ${why}; becomes ${next}, which loads its files`)] };
}

const numbersOf = (tag: string): number[] => (/\d+(\.\d+)*/.exec(tag)?.[0] ?? '').split('.').map(Number);

/** Whether a tag names an older version than another one does. */
export function olderTag(tag: string, other: string | undefined): boolean {
  if (other === undefined || !/\d/.test(tag) || !/\d/.test(other)) return false;
  const [own, others] = [numbersOf(tag), numbersOf(other)];
  const differs = own.findIndex((number, index) => number !== (others[index] ?? 0));
  return differs >= 0 && own[differs]! < (others[differs] ?? 0);
}
