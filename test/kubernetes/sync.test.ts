/**
 * The example `orders` as Argo CD applies it: what is there before a sync, wave by wave, then the rest, then what is pruned. A shard that
 * leaves is empty before anything of it ends, under writes.
 */
import { labels, objectNames } from '../../lib/contract/names';
import { allowedDeeds } from './support/permissions';
import { useOrders } from './support/fixture';
import { synthesizeOrders } from './support/manifests';
import { database, prepareOrders, type Orders } from './support/orders';
import { seconds, tell } from './support/progress';
import { underWrites } from './support/recorder-pod';
import { syncOf } from './support/sync';
import { until } from './support/until';

jest.setTimeout(900_000);

/** Longest time for each change: a quarter of the slots goes key by key, beside everything else on the machine. Milliseconds. */
const boundMs = 600_000;

/** Longest time for a Job that has nothing to wait for, with the start of its pod; and for pods that have nothing to hand over. Milliseconds. */
const quickMs = 60_000;

const orders = useOrders('sync', prepareOrders);
const names = objectNames(database);

const withShards = (count: number, { namespace, setting }: Orders): string =>
  synthesizeOrders(namespace.name, setting.agentImage, (spec) => spec.replace('shards: 3', `shards: ${count}`));

/** Slots of each shard's primary, as the agents publish them. */
async function shares(): Promise<readonly number[]> {
  const status = await orders().publishedStatus();
  return (status?.nodes ?? []).map(({ slotCount }) => slotCount).filter((count) => count > 0);
}

const untilShared = (expected: readonly number[]): Promise<number> =>
  until(`slots are shared out as ${expected.join()}`, boundMs, async () => {
    const now = [...(await shares())].sort();
    return now.join() === expected.join() ? undefined : now.join();
  });

const quarters = [4096, 4096, 4096, 4096];
const thirds = [5461, 5461, 5462];

const jobPods = async (job: string): Promise<readonly string[]> => {
  const { items } = await orders().namespace.get<{ items: { metadata: { name: string } }[] }>([
    'pods',
    `--selector=batch.kubernetes.io/job-name=${job}`,
  ]);
  return items.map(({ metadata }) => metadata.name);
};

/** The agents drain, and the Job has heard of it. */
const untilDraining = (job: string): Promise<number> =>
  until('the shard is being drained', boundMs, async () => {
    const { drain } = (await orders().publishedStatus())!;
    return drain?.by?.startsWith(job) && drain.slots > 0 ? undefined : JSON.stringify(drain);
  });

test('a first install has nothing to wait for', async () => {
  const sync = syncOf(orders().namespace, withShards(4, orders()));
  const began = performance.now();
  expect(await sync.ready(await sync.begin(), quickMs)).toBe('orders is not there yet: there is nothing to drain\n');
  tell(`the Job of a first install took ${seconds(performance.now() - began)}`);
  await sync.finish();
  await untilShared(quarters);
});

test('the Job may read two ConfigMaps, ask beside the Lease, and nothing else', async () => {
  const sync = syncOf(orders().namespace, withShards(4, orders()));
  const job = await sync.begin();
  const objects = [
    'configmaps/orders-agent',
    'configmaps/orders-status',
    'configmaps/orders-server',
    'secrets/orders-auth',
    'leases.coordination.k8s.io/orders-coordinator',
    'pods/orders-shard-0-0',
    'statefulsets.apps/orders-shard-0',
  ];
  const verbs = ['get', 'patch', 'delete', 'list', 'create'];
  const deeds = objects.flatMap((object) => verbs.map((verb) => `${verb} ${object}` as const));
  expect(await allowedDeeds(orders().namespace, names.drain, deeds)).toEqual([
    'get configmaps/orders-agent',
    'get configmaps/orders-status',
    'patch leases.coordination.k8s.io/orders-coordinator',
  ]);
  expect(await sync.ready(job, quickMs)).toBe('no shard of orders leaves\n');
  await sync.finish(withShards(4, orders()));
  expect(await shares()).toEqual(quarters);
});

test('a sync that is called off leaves the shard what it had', async () => {
  await underWrites(orders(), 'called-off', async () => {
    const less = syncOf(orders().namespace, withShards(3, orders()));
    const job = await less.begin();
    await untilDraining(job);
    await less.callOff(job);
    const back = syncOf(orders().namespace, withShards(4, orders()));
    expect(await back.ready(await back.begin(), quickMs)).toBe('no shard of orders leaves\n');
    await back.finish();
    tell(`all shards have their share again after ${seconds(await untilShared(quarters))}`);
  });
});

test('a shard that leaves is drained before its pods end, although the pod that waits is killed', async () => {
  const before = withShards(4, orders());
  const sync = syncOf(orders().namespace, withShards(3, orders()));
  await underWrites(orders(), 'less', async () => {
    const began = performance.now();
    const job = await sync.begin();
    await untilDraining(job);
    const [first] = await jobPods(job);
    await orders().namespace.kubectl(['delete', 'pod', first!, '--grace-period=0', '--force']);
    const said = await sync.ready(job, boundMs);
    expect(await jobPods(job)).not.toContain(first);
    tell(`the Job took ${seconds(performance.now() - began)} and said: ${said}`);
    expect(said).toMatch(/^drained after \d+ s, and ready to go: shard-3$/m);
    expect([...(await shares())].sort()).toEqual(thirds);
    const pods = await orders().pods();
    expect(pods).toHaveLength(8);
    const staying = pods.filter(({ shard }) => shard !== 'shard-3');
    expect(staying.filter(({ ready }) => ready)).toHaveLength(6);
    const leaving = pods.filter(({ shard }) => shard === 'shard-3');
    expect(leaving).toHaveLength(2);
    await sync.finish(before);
    const goneMs = await until('the pods of the shard are gone', quickMs, async () => {
      const left = (await orders().pods()).filter(({ shard }) => shard === 'shard-3');
      return left.length === 0 ? undefined : left.map(({ name }) => name).join();
    });
    tell(`the pods of the shard are gone ${seconds(goneMs)} after they were pruned`);
    tell(`whole after ${seconds(await orders().whole(boundMs))} more`);
  });
  expect([...(await shares())].sort()).toEqual(thirds);
  const left = await orders().namespace.kubectl([
    'get',
    'jobs,serviceaccounts,roles,rolebindings,configmaps',
    `--selector=${labels.instance}=${database}`,
    '--output=name',
  ]);
  expect(left).not.toContain(names.drain);
});
