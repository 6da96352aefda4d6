import { compareVersions, type Engine, type EngineName } from './engines';

/** The words of a text, whatever is between them. */
export const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Names that versions of the engines brought. An engine that is not named never had them, unless they are in another group too. */
export interface SinceGroup {
  readonly since: Readonly<Partial<Record<EngineName, string>>>;
  readonly names: readonly string[];
}

/** Which version of an engine brought a name. */
export interface SinceTable {
  readonly names: readonly string[];
  /** undefined where none did */
  readonly since: (engine: EngineName, name: string) => string | undefined;
  readonly knows: (engine: Engine, name: string) => boolean;
}

/** Looks names up in groups. */
export function sinceTable(groups: readonly SinceGroup[]): SinceTable {
  let table: ReadonlyMap<string, SinceGroup['since']> | undefined;
  // Made when it is first asked: most specs name nothing that is looked up.
  const byName = () => (table ??= mergeGroups(groups));
  const sinceOf: SinceTable['since'] = (engine, name) => byName().get(name)?.[engine];
  return {
    get names() {
      return [...byName().keys()];
    },
    since: sinceOf,
    knows({ name: engine, version }, name) {
      const since = sinceOf(engine, name);
      return since !== undefined && compareVersions(version, since) >= 0;
    },
  };
}

function mergeGroups(groups: readonly SinceGroup[]): ReadonlyMap<string, SinceGroup['since']> {
  const byName = new Map<string, SinceGroup['since']>();
  for (const { since, names } of groups) {
    for (const name of names) byName.set(name, { ...since, ...byName.get(name) });
  }
  return byName;
}
