/** Another image of the agent for the example `orders`, while a client writes: no server starts anew, then or later. */
import { annotations, containers, objectNames } from '../../lib/contract/names';
import { useOrders } from './support/fixture';
import { synthesizeOrders } from './support/manifests';
import { database, prepareOrders, type Orders } from './support/orders';
import type { ServerPod } from './support/pods';
import { seconds, tell } from './support/progress';
import { underWrites } from './support/recorder-pod';
import { until } from './support/until';

jest.setTimeout(360_000);

/** Least time that a new agent can be given, for those that are to fail. Seconds. */
const validationTimeoutSeconds = 30;

/** A new agent that fails, with what it takes to find that out and to bring the old one back. Milliseconds. */
const failureMs = (validationTimeoutSeconds + 120) * 1000;

/** Several times what six agents take one after the other. Milliseconds. */
const renewedWithinMs = 180_000;

/** Below it, nobody can have taken a server for lost. Milliseconds. */
const nodeTimeoutMs = 5000;

const names = objectNames(database);
const sets = ['shard-0', 'shard-1', 'shard-2'].map(names.statefulSet);

const specOf = (made: Orders, agentImage: string): string =>
  synthesizeOrders(
    made.namespace.name,
    agentImage,
    (spec) => `${spec}  upgrade:\n    validationTimeoutSeconds: ${validationTimeoutSeconds}\n`,
  );

const orders = useOrders('agent-image', async () => {
  const made = await prepareOrders('agent-image');
  await made.apply(specOf(made, made.setting.agentImage));
  await made.whole(120_000);
  return made;
});

interface SetObject {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly replicas: number;
    readonly updateStrategy: { readonly rollingUpdate?: { readonly partition?: number } };
  };
  readonly status: {
    readonly currentRevision: string;
    readonly updateRevision: string;
    readonly updatedReplicas?: number;
  };
}

interface PodObject {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly initContainers: readonly { readonly name: string; readonly image: string }[] };
  readonly status: { readonly initContainerStatuses: readonly { readonly name: string; readonly imageID: string }[] };
}

const setOf = (name: string) => orders().namespace.get<SetObject>(['statefulset', name]);
const podOf = ({ name }: ServerPod) => orders().namespace.get<PodObject>(['pod', name]);

const agentImages = async (): Promise<readonly string[]> => {
  const pods = await Promise.all((await orders().pods()).map(podOf));
  return [...new Set(pods.map(({ spec }) => spec.initContainers.find(({ name }) => name === containers.agent)!.image))];
};

/** The same image by another name, which every machine has too. */
async function otherName(): Promise<string> {
  const { status } = await podOf((await orders().pods())[0]!);
  return status.initContainerStatuses.find(({ name }) => name === containers.agent)!.imageID;
}

/** Which processes serve, and since when. */
const servers = async (): Promise<readonly string[]> =>
  (await orders().pods()).map(({ name, uid, restarts, containerIds }) =>
    [name, uid, restarts.server, containerIds.server].join(' '),
  );

test('what a revision is beside its agent is noted as soon as nothing is rolled out', async () => {
  const tookMs = await until('every StatefulSet has its note', 60_000, async () => {
    const found = await Promise.all(sets.map(setOf));
    const without = found.find(({ metadata }) => metadata.annotations?.[annotations.alikeRevisions] === undefined);
    return without && 'one has none';
  });
  tell(`noted after ${seconds(tookMs)}`);
});

test('an agent that does not run is taken back, and the status says so', async () => {
  const before = await servers();
  await underWrites(orders(), 'bad-agent', async () => {
    await orders().apply(specOf(orders(), 'debian:12'));
    const tookMs = await until('the new agent is taken back', failureMs, async () => {
      const reasons = (await orders().publishedStatus())?.reasons ?? [];
      const [first = ''] = reasons;
      const says =
        first.startsWith('the roll-out of orders-shard-') && first.includes('failed "agent" and is what it was again');
      const images = await agentImages();
      const back = images.join() === orders().setting.agentImage && (await orders().pods()).every(({ ready }) => ready);
      return says && back && reasons.length === 1 ? undefined : [...reasons, ...images].join('; ');
    });
    tell(`taken back after ${seconds(tookMs)}`);
  });
  expect(await servers()).toEqual(before);
});

test('a new agent comes into the pods that run, one after the other', async () => {
  const before = await servers();
  const image = await otherName();
  const { longestSilenceMs } = await underWrites(orders(), 'new-agent', async () => {
    await orders().apply(specOf(orders(), image));
    const tookMs = await until('every pod counts as new', renewedWithinMs, async () => {
      const found = await Promise.all(sets.map(setOf));
      const behind = found.find(
        ({ spec, status }) =>
          status.currentRevision !== status.updateRevision || status.updatedReplicas !== spec.replicas,
      );
      return behind ? JSON.stringify(behind.status) : undefined;
    });
    tell(`six agents renewed after ${seconds(tookMs)}`);
    await orders().whole(60_000);
  });
  expect(longestSilenceMs).toBeLessThan(nodeTimeoutMs);
  expect(await agentImages()).toEqual([image]);
  expect(await servers()).toEqual(before);
  for (const { spec } of await Promise.all(sets.map(setOf)))
    expect(spec.updateStrategy.rollingUpdate?.partition).toBe(2);
  const { name } = (await orders().pods())[0]!;
  const plan = ['keyspace', 'reconcile', '--dry-run'];
  await expect(
    orders().namespace.kubectl(['exec', name, `--container=${containers.agent}`, '--', ...plan]),
  ).resolves.toContain('nothing to do');
});

test('a pod that is made anew later has the new agent at once, and the others stay', async () => {
  const image = (await agentImages())[0]!;
  const before = await servers();
  const [victim] = await orders().pods();
  await orders().namespace.kubectl(['delete', 'pod', victim!.name], { boundMs: 60_000 });
  await orders().whole(60_000);
  expect(await agentImages()).toEqual([image]);
  const now = await servers();
  expect(now.slice(1)).toEqual(before.slice(1));
  expect(now[0]).not.toBe(before[0]);
});
