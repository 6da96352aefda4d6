import type { AgentConfig } from '../lib/contract/agent-config';
import type { Clock, Platform } from './edges';
import { nodesOf } from './own-node';
import { placeOf } from './steps/mesh/mates';
import type { DatabaseView, MeshView, Role } from './view';

/** What it takes to look at a mesh as its coordinator. */
export interface MeshSources {
  readonly observe: () => Promise<DatabaseView>;
  readonly platform: Pick<Platform, 'readRole'>;
  readonly clock: Clock;
  readonly config: () => AgentConfig;
}

/** For how long labels are taken to be as they were read: only this agent changes them, and a pod that is made anew has none. Milliseconds. */
const rolesMs = 1000;

/** Looks at the database; at a mesh with what only its coordinator knows. Other topologies are seen as they are. */
export function createMeshObserver({ observe, platform, clock, config }: MeshSources): () => Promise<DatabaseView> {
  const silent = createStopwatches();
  const stray = createStopwatches();
  let read: { readonly at: number; readonly roles: MeshView['roles'] } | undefined;

  async function roles(): Promise<MeshView['roles']> {
    if (!read || clock.now() - read.at >= rolesMs) read = { at: clock.now(), roles: await readRoles() };
    return read.roles;
  }

  /** undefined where the API does not answer: then no label can be changed either. */
  async function readRoles(): Promise<MeshView['roles']> {
    const names = nodesOf(config()).map(({ name }) => name);
    const found = names.map(async (name): Promise<[string, Role | undefined]> => [name, await platform.readRole(name)]);
    try {
      const entries = await Promise.all(found);
      return Object.fromEntries(entries.filter((entry): entry is [string, Role] => entry[1] !== undefined));
    } catch {
      return undefined;
    }
  }

  return async () => {
    if (config().topology !== 'multi-master') return observe();
    const [view, known] = await Promise.all([observe(), roles()]);
    const now = clock.now();
    const quiet = view.nodes.filter(({ server }) => server.state !== 'up').map(({ name }) => name);
    const mesh = { silentMs: silent(quiet, now), strayMs: stray(strays(view, config()), now) };
    return { ...view, mesh: { ...mesh, ...(known ? { roles: known } : {}) } };
  };
}

/** Places that are linked to and where nobody is who belongs to the mesh. */
function strays({ nodes }: DatabaseView, { peers = [] }: AgentConfig): string[] {
  const known = new Set([
    ...nodes.flatMap(({ address }) => (address ? [placeOf(address)] : [])),
    ...peers.map(placeOf),
  ]);
  const links = nodes.flatMap(({ server }) => (server.state === 'up' ? (server.links ?? []) : []));
  return links.map(placeOf).filter((place) => !known.has(place));
}

/** Says for how many milliseconds each of these has been among these. */
function createStopwatches(): (names: readonly string[], now: number) => Record<string, number> {
  const since = new Map<string, number>();
  return (names, now) => {
    for (const name of since.keys()) if (!names.includes(name)) since.delete(name);
    for (const name of names) if (!since.has(name)) since.set(name, now);
    return Object.fromEntries([...since].map(([name, first]) => [name, now - first]));
  };
}
