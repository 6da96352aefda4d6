/** Volumes of the example `orders` grow while it serves, and keep every key while it hibernates. */
import { randomBytes } from 'node:crypto';

import { claimName } from '../../lib/contract/names';
import { kubectl } from './support/command';
import { useOrders } from './support/fixture';
import { synthesizeOrders } from './support/manifests';
import { prepareOrders } from './support/orders';
import { seconds, tell } from './support/progress';
import { until } from './support/until';

jest.setTimeout(240_000);

/** Longest time for each change. Milliseconds. */
const boundMs = 120_000;

const growing = `keyspace-growing-${randomBytes(3).toString('hex')}`;

const keyCount = 300;

/** The example with other lines in place of its size, and further ones. */
const manifestsOf = (namespace: string, image: string, persistence: string, more = ''): string =>
  synthesizeOrders(namespace, image, (spec) =>
    spec.replace('    size: 1Gi\n', `    storageClass: ${growing}\n    ${persistence}\n${more}`),
  );

const edited = (persistence: string, more?: string): string =>
  manifestsOf(orders().namespace.name, orders().setting.agentImage, persistence, more);

const orders = useOrders('volumes', async () => {
  await makeGrowingClass();
  const prepared = await prepareOrders('volumes');
  await prepared.apply(manifestsOf(prepared.namespace.name, prepared.setting.agentImage, 'size: 1Gi'));
  await prepared.whole(boundMs);
  return prepared;
});
afterAll(() => kubectl(['delete', 'storageclass', growing, '--ignore-not-found']));

/** As the default class, but that its volumes may grow. */
async function makeGrowingClass(): Promise<void> {
  const { items } = JSON.parse(await kubectl(['get', 'storageclasses', '--output=json'])) as {
    items: { metadata: { annotations?: Record<string, string> }; provisioner: string; volumeBindingMode: string }[];
  };
  const usual = items.find(
    ({ metadata }) => metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true',
  )!;
  const { provisioner, volumeBindingMode } = usual;
  const storageClass = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: growing },
    provisioner,
    volumeBindingMode,
    allowVolumeExpansion: true,
  };
  await kubectl(['create', '--filename=-'], { input: JSON.stringify(storageClass) });
}

/** What each claim of a node asks for. */
async function requests(): Promise<readonly string[]> {
  const { items } = await orders().namespace.get<{
    items: { metadata: { name: string }; spec: { resources: { requests: { storage: string } } } }[];
  }>(['persistentvolumeclaims']);
  const names = new Set((await orders().pods()).map(({ name }) => claimName(name)));
  return items.filter(({ metadata }) => names.has(metadata.name)).map(({ spec }) => spec.resources.requests.storage);
}

test('a database that hibernates has no pods, and wakes with every key', async () => {
  const keys = Array.from({ length: keyCount }, (_, number) => `key:${number}`);
  await orders().send(keys.map((key) => `SET ${key} ${key}`));
  await orders().apply(edited('size: 1Gi', '  state: hibernated\n'));
  const asleepMs = await until('there are no pods', boundMs, async () => {
    const { length } = await orders().pods();
    return length === 0 ? undefined : `there are ${length}`;
  });
  await orders().apply(edited('size: 1Gi'));
  const awakeMs = await orders().whole(boundMs);
  tell(`asleep after ${seconds(asleepMs)}, awake after ${seconds(awakeMs)}`);
  expect(await orders().send(keys.map((key) => `GET ${key}`))).toEqual(keys);
});

test('a larger size is asked for by every claim, and no pod restarts', async () => {
  const before = await orders().pods();
  expect(await requests()).toEqual(before.map(() => '1Gi'));
  await orders().apply(edited('size: 2Gi\n    initialSize: 1Gi'));
  const tookMs = await until('every claim asks for more', boundMs, async () => {
    const now = await requests();
    return now.every((request) => request === '2Gi') ? undefined : now.join();
  });
  tell(`every claim asks for 2Gi after ${seconds(tookMs)}`);
  expect((await orders().pods()).map(({ uid, restarts }) => ({ uid, restarts }))).toEqual(
    before.map(({ uid, restarts }) => ({ uid, restarts })),
  );
});
