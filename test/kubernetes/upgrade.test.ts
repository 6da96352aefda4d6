/** Another version for `orders` while a client writes: rolled out pod by pod, or taken back where its first pod fails. */
import { useOrders } from './support/fixture';
import { synthesizeOrders } from './support/manifests';
import { prepareOrders, type Orders } from './support/orders';
import type { ServerPod } from './support/pods';
import { seconds, tell } from './support/progress';
import { underWrites } from './support/recorder-pod';
import { until } from './support/until';

jest.setTimeout(360_000);

/** Least time that a new pod can be given, for those that are to fail. Seconds. */
const validationTimeoutSeconds = 30;

/** A new pod that fails, with what it takes to find that out and to bring the old one back. Milliseconds. */
const failureMs = (validationTimeoutSeconds + 90) * 1000;

/** Several times what six pods take one after the other. Milliseconds. */
const rolledWithinMs = 240_000;

const orders = useOrders('upgrade', async () => {
  const made = await prepareOrders('upgrade');
  await made.apply(specOf(made));
  await made.whole(120_000);
  return made;
});

test('an image that crashes is taken back: nothing else is touched, and the status says what its log said', async () => {
  const manifests = specOf(orders()).replaceAll('image: valkey/valkey:8.1', 'image: debian:12');
  await rollBack('crash', manifests, /failed "start" and is what it was again: .*valkey-server.*not found/s);
});

test('a server that never gets in sync is taken back', async () => {
  const manifests = specOf(orders()).replaceAll(/(exec valkey-server \S+)/g, '$1 --masterauth wrong');
  await rollBack('never-syncs', manifests, /failed "sync" and is what it was again: .*its log: .*WRONGPASS/s);
});

test('what was asked for before is in order again', async () => {
  const before = await orders().pods();
  await orders().apply(specOf(orders()));
  await orders().whole(60_000);
  expect((await orders().pods()).map(({ uid }) => uid)).toEqual(before.map(({ uid }) => uid));
});

test('Valkey 8.1 becomes 9.1: one pod at a time, each primary handed over before it goes', async () => {
  const before = await orders().pods();
  const { longestSilenceMs } = await underWrites(orders(), 'upgrade', async () => {
    const watch = watchPods(before);
    await orders().apply(specOf(orders(), (spec) => spec.replace("version: '8.1'", "version: '9.1'")));
    const tookMs = await untilReplaced(before);
    const { mostAway, replacedAsPrimary } = await watch();
    tell(`upgraded to 9.1 after ${seconds(tookMs)}, at most ${mostAway} pods away`);
    expect({ mostAway, replacedAsPrimary }).toEqual({ mostAway: 1, replacedAsPrimary: [] });
    await orders().whole(60_000);
  });
  tell(`upgrade: longest silence ${longestSilenceMs} ms`);
  const { nodes } = await orders().status();
  expect(nodes).toHaveLength(6);
  expect(await orders().send(['info server'])).toContainEqual(expect.stringContaining('valkey_version:9.1'));
});

test('9.1 does not become 8.1 again, which could not read its files: nothing is touched, and the status says why', async () => {
  const before = await orders().pods();
  await orders().apply(specOf(orders()));
  await until('the status says that it cannot work', 30_000, async () => {
    const { reasons = [] } = (await orders().publishedStatus()) ?? {};
    const said = reasons.filter((reason) => reason.includes('valkey 8.1 cannot load what valkey 9.1 has written'));
    return said.length === 3 && reasons.length === 3 ? undefined : reasons.join('; ');
  });
  await orders().apply(specOf(orders(), (spec) => spec.replace("version: '8.1'", "version: '9.1'")));
  await orders().whole(60_000);
  expect((await orders().pods()).map(({ uid }) => uid)).toEqual(before.map(({ uid }) => uid));
});

/** The example with the least patience, or with the usual one, and what else is to be in its spec. */
const specOf = (made: Orders, edit: (spec: string) => string = impatient): string =>
  synthesizeOrders(made.namespace.name, made.setting.agentImage, edit);

const impatient = (spec: string): string =>
  `${spec}  upgrade:\n    validationTimeoutSeconds: ${validationTimeoutSeconds}\n`;

/** Applies what fails, under writes, and waits until the status says only that, and every pod is what it was. */
async function rollBack(name: string, manifests: string, why: RegExp): Promise<void> {
  const before = await orders().pods();
  await underWrites(orders(), name, async () => {
    await orders().apply(manifests);
    const tookMs = await until('the roll-out has stopped and is taken back', failureMs, async () => {
      const reasons = (await orders().publishedStatus())?.reasons ?? [];
      const [first = ''] = reasons;
      const says = first.startsWith('the roll-out of orders-shard-') && why.test(first) && reasons.length === 1;
      const unready = (await orders().pods()).find(({ ready }) => !ready);
      return says && !unready
        ? undefined
        : [...reasons, ...(unready ? [`${unready.name} is not ready`] : [])].join('; ');
    });
    tell(`${name}: taken back after ${seconds(tookMs)}`);
  });
  const replaced = (await orders().pods()).filter(({ uid }) => !before.some((pod) => pod.uid === uid));
  expect(replaced).toHaveLength(1);
}

/**
 * Looks at the pods all the time, until told.
 *
 * @param before those that are to be replaced
 */
function watchPods(before: readonly ServerPod[]): () => Promise<{ mostAway: number; replacedAsPrimary: string[] }> {
  const first = new Map(before.map(({ name, uid }) => [name, uid]));
  const seen = new Map<string, ServerPod>();
  const replacedAsPrimary = new Set<string>();
  let mostAway = 0;
  let watching = true;
  const look = async (): Promise<void> => {
    while (watching) {
      const pods = await orders().pods();
      // One that was there before may be unready for a moment, as after a handover.
      const there = pods.filter(({ name, uid, ready }) => ready || uid === first.get(name));
      mostAway = Math.max(mostAway, 6 - there.length);
      for (const pod of pods) {
        const last = seen.get(pod.name);
        if (last && last.uid !== pod.uid && last.role === 'primary') replacedAsPrimary.add(pod.name);
        seen.set(pod.name, pod);
      }
    }
  };
  const looking = look();
  return async () => {
    watching = false;
    await looking;
    return { mostAway, replacedAsPrimary: [...replacedAsPrimary] };
  };
}

/** Waits until there are other pods of the same names, all of them ready. */
const untilReplaced = (old: readonly ServerPod[]): Promise<number> =>
  until('the pods are replaced', rolledWithinMs, async () => {
    const now = new Map((await orders().pods()).map((pod) => [pod.name, pod]));
    const kept = old.find(({ name, uid }) => now.get(name)?.uid === uid || now.get(name)?.ready !== true);
    return kept && `${kept.name} is not`;
  });
