import type { Engine } from '../../lib/contract/engines';
import { changesLive } from '../../lib/contract/live-directives';

/** Directives by name, each with its values. */
export type Directives = ReadonlyMap<string, readonly string[]>;

/** What differs between two configuration files. */
export interface DirectiveChanges {
  /** Names of directives with another value, which a running server takes. */
  readonly live: readonly string[];
  /** Names of those that only a start brings: the engine reads them then, or they are not set any more and its own default returns. */
  readonly atStart: readonly string[];
}

/** Where clients connect: a server that runs with another encryption than the file says has neither the certificates nor the clients for it. */
const listeners = ['port', 'tls-port'];

/** Compares what a server has with what it is to have. */
export function compareDirectives(told: Directives, wanted: Directives, engine: Engine): DirectiveChanges {
  const differs = (name: string) => JSON.stringify(told.get(name)) !== JSON.stringify(wanted.get(name));
  const names = [...new Set([...told.keys(), ...wanted.keys()])].filter(differs);
  const live = (name: string) => wanted.has(name) && changesLive(engine, name);
  return names.some((name) => listeners.includes(name))
    ? { live: [], atStart: names }
    : { live: names.filter(live), atStart: names.filter((name) => !live(name)) };
}
