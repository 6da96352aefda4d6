import type { AgentConfig } from '../lib/contract/agent-config';
import type { Clock, Log, Platform } from './edges';
import { isChanging, isUpdated } from './steps/rollout/sets';
import { whyAgentUnsound, whyNewUnsound } from './steps/rollout/sound';
import type { SetView } from './view-sets';
import type { DatabaseView } from './view';

/** What it takes to look at the StatefulSets. */
export interface SetSources {
  readonly config: () => AgentConfig;
  readonly platform: Pick<Platform, 'readSets'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Adds to a view of the database how far its pods are rolled out. */
export type SetObserver = (view: DatabaseView) => Promise<DatabaseView>;

/** How long a look is good for, while something is done to pods and else. Milliseconds. */
const goodForMs = { changing: 500, calm: 5000 } as const;

/** One observer a coordinator. Remembers what a single look cannot show: for how long a new pod has not been sound. */
export function createSetObserver({ config, platform, clock, log }: SetSources): SetObserver {
  const since = new Map<string, number>();
  let seen: { readonly at: number; readonly sets: readonly SetView[] | undefined } | undefined;

  async function read(): Promise<readonly SetView[] | undefined> {
    const boundMs = seen?.sets?.some((set) => isChanging(set) || set.partition !== set.replicas)
      ? goodForMs.changing
      : goodForMs.calm;
    if (seen && clock.now() - seen.at < boundMs) return seen.sets;
    const sets = await platform.readSets(config().shards.map(({ name }) => name)).catch((error: unknown) => {
      log.debug({ error }, 'the StatefulSets cannot be looked at');
      return undefined;
    });
    seen = { at: clock.now(), sets };
    return sets;
  }

  return async (view) => {
    const sets = await read();
    if (!sets) return view;
    const unsound = unsoundPods(view, sets);
    for (const key of since.keys()) if (![...unsound.values()].includes(key)) since.delete(key);
    for (const key of unsound.values()) if (!since.has(key)) since.set(key, clock.now());
    const waited = [...unsound].map(([name, key]) => [name, clock.now() - since.get(key)!] as const);
    return { ...view, sets, unsoundMs: Object.fromEntries(waited) };
  };
}

/** Pods of a new revision, or with a new agent, that are not sound: what tells the pod from others of its name, by its name. */
function unsoundPods(view: DatabaseView, sets: readonly SetView[]): Map<string, string> {
  const fresh = sets.flatMap((set) => set.pods.filter((pod) => isUpdated(pod, set) || pod.agent?.before !== undefined));
  const unsound = fresh.filter((pod) => {
    const node = view.nodes.find(({ name }) => name === pod.name);
    // What a person has taken out of service is no fault of what is rolled out.
    if (node === undefined || node.fenced !== undefined) return false;
    return (pod.agent?.before ? whyAgentUnsound(node, pod) : whyNewUnsound(node, pod)) !== undefined;
  });
  return new Map(
    unsound.map(({ name, revision, agent }) => [
      name,
      [name, revision, ...(agent?.before ? [agent.image] : [])].join(' '),
    ]),
  );
}
