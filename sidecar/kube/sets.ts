import { annotations, containers, objectNames } from '../../lib/contract/names';
import type { Platform } from '../edges';
import type { SetView, StoppedRollout } from '../view-sets';
import type { KubeClient } from './client';
import { find } from './find';
import { createPods, type Pods } from './pods';
import { parsePod, parseSet } from './set-objects';

/** Whose StatefulSets, and through what. */
export interface SetsOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly database: string;
}

/** What the agents see and change of StatefulSets and their pods. */
export type Sets = Pods & Pick<Platform, 'readSets' | 'setPartition' | 'stopRollout' | 'noteTemplate' | 'approve'>;

/** Lines of a log that are kept of a roll-out that failed, and the longest text of them. */
const kept = { lines: 5, characters: 1000 } as const;

/** The StatefulSets of a database. Git does not say how far a roll-out is, so nobody but the agents writes their `partition`. */
export function createSets({ client, namespace, database }: SetsOptions): Sets {
  const setPath = (set: string) => `/apis/apps/v1/namespaces/${namespace}/statefulsets/${set}`;
  const podPath = (pod: string) => `/api/v1/namespaces/${namespace}/pods/${pod}`;

  async function readSet(shard: string): Promise<SetView[]> {
    const found = await find(client, setPath(objectNames(database).statefulSet(shard)));
    if (found === undefined) return [];
    const { set, whole } = parseSet(found, shard);
    if (whole) return [set];
    const ordinals = Array.from({ length: set.replicas }, (_, ordinal) => ordinal);
    const pods = await Promise.all(ordinals.map((ordinal) => find(client, podPath(`${set.name}-${ordinal}`))));
    return [{ ...set, pods: pods.flatMap((pod, ordinal) => (pod === undefined ? [] : [parsePod(pod, ordinal)])) }];
  }

  const change = async (set: string, version: string, notes: Notes, spec?: object): Promise<void> => {
    await client.patch(setPath(set), {
      metadata: { resourceVersion: version, annotations: notes },
      ...(spec ? { spec } : {}),
    });
  };

  return {
    ...createPods({ client, namespace }),
    readSets: async (shards) => (await Promise.all(shards.map(readSet))).flat(),
    setPartition: ({ set, version, partition, from, over }) =>
      change(set, version, rememberedOf(from, over), { updateStrategy: { rollingUpdate: { partition } } }),
    async stopRollout({ set, version, revision, node, check, says, back }) {
      const stopped: StoppedRollout = {
        revision,
        node,
        check,
        says,
        back,
        log: await lastWords(client, podPath(node), check === 'agent' ? containers.agent : containers.server),
      };
      await change(set, version, { [annotations.stoppedRollout]: JSON.stringify(stopped) });
    },
    noteTemplate: ({ set, version, alike }) =>
      change(set, version, { [annotations.alikeRevisions]: JSON.stringify(alike) }),
    approve: ({ name, version, updateRevision }) =>
      change(name, version, { [annotations.approvedRevision]: updateRevision }),
  };
}

/** Annotations; null removes one. */
type Notes = Readonly<Record<string, string | null>>;

/** What a StatefulSet remembers of a roll-out: nothing once it is over, and nothing of the one before when it begins. */
function rememberedOf(from: string | undefined, over: true | undefined): Notes {
  if (over === undefined && from === undefined) return {};
  return {
    [annotations.stoppedRollout]: null,
    [annotations.previousVersion]: from ?? null,
    ...(over ? { [annotations.approvedRevision]: null } : {}),
  };
}

/** What the container said before it ended last, else what it says now; '' where it never ran. */
async function lastWords(client: KubeClient, pod: string, container: string): Promise<string> {
  const read = (which: string) =>
    client.text(`${pod}/log?container=${container}&tailLines=${kept.lines}${which}`).catch(() => '');
  const text = (await read('&previous=true')) || (await read(''));
  return text.trim().slice(-kept.characters);
}
