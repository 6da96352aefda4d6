import type { AgentConfig } from '../lib/contract/agent-config';
import type { Clock, Log, Server } from './edges';
import type { ServerView } from './view';
import type { LoadedModule } from './view-own';

/** What it takes to know which modules the own server has loaded. */
export interface ModuleSources {
  readonly config: () => AgentConfig;
  readonly clock: Clock;
  readonly log: Log;
  /** The server beside this agent. */
  readonly server: () => Promise<Pick<Server, 'modules'>>;
}

/** Says which modules of the spec a server that runs has not loaded; nothing while that is not known. Never rejects. */
export type ModuleWatch = (seen: ServerView) => Promise<readonly string[]>;

/** A server loads its modules when it starts; later only a person takes one away. Milliseconds. */
const lookEveryMs = 10_000;

/** One watch an agent. */
export function createModuleWatch({ config, clock, log, server }: ModuleSources): ModuleWatch {
  let known: { readonly at: number; readonly loaded: readonly LoadedModule[] } | undefined;

  async function look(): Promise<void> {
    const at = clock.now();
    try {
      known = { at, loaded: await (await server()).modules() };
    } catch (error) {
      log.debug({ error }, 'the own server does not say its modules');
    }
  }

  return async (seen) => {
    const { modules = [] } = config();
    // What starts next may have others.
    if (seen.state !== 'up' || seen.loading) known = undefined;
    else if (modules.length > 0 && (!known || clock.now() - known.at >= lookEveryMs)) await look();
    return known ? findMissing(modules, known.loaded) : [];
  };
}

/** Without paths it can only be told that there are too few: which of them, no name says. */
export function findMissing(modules: readonly string[], loaded: readonly LoadedModule[]): readonly string[] {
  const paths = new Set(loaded.flatMap(({ path }) => path ?? []));
  if (paths.size === loaded.length) return modules.filter((module) => !paths.has(module));
  return loaded.length < modules.length ? [`one of ${modules.join(', ')}`] : [];
}
