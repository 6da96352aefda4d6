/** The example `orders` gets a shard more, and gives it back as `kubectl apply --prune` or Flux would have it: under writes. */
import { objectNames } from '../../lib/contract/names';
import { useOrders } from './support/fixture';
import { synthesizeOrders } from './support/manifests';
import { database } from './support/orders';
import { seconds, tell } from './support/progress';
import { underWrites } from './support/recorder-pod';
import { until } from './support/until';

jest.setTimeout(420_000);

/** Longest time for each change: kubelets bring a new configuration within a minute and a half. Milliseconds. */
const boundMs = 180_000;

/** What moving slots must stay below; the engine notices nothing earlier. Milliseconds. */
const nodeTimeoutMs = 5000;

const orders = useOrders('scaling');
const names = objectNames(database);

const withShards = (count: number): string =>
  synthesizeOrders(orders().namespace.name, orders().setting.agentImage, (spec) =>
    spec.replace('shards: 3', `shards: ${count}`),
  );

/** Slots of each shard's primary, as the agents publish them. */
async function shares(): Promise<readonly number[]> {
  const status = await orders().publishedStatus();
  return (status?.nodes ?? []).map(({ slotCount }) => slotCount).filter((count) => count > 0);
}

test('a fourth shard gets its share of the slots, and gives it back before its pods end', async () => {
  const { longestSilenceMs } = await underWrites(orders(), 'scaling', async () => {
    await orders().apply(withShards(4));
    const grownMs = await until('every shard has its share', boundMs, async () => {
      const now = [...(await shares())].sort();
      const { health } = (await orders().publishedStatus())!;
      return now.join() === '4096,4096,4096,4096' && health === 'Healthy' ? undefined : `${health}, ${now.join()}`;
    });
    tell(`3 -> 4 shards: whole after ${seconds(grownMs)}`);
    await orders().apply(withShards(3));
    const gone = [
      `statefulset/${names.statefulSet('shard-3')}`,
      `poddisruptionbudget/${names.disruptionBudget('shard-3')}`,
    ];
    await orders().namespace.kubectl(['delete', '--wait=false', ...gone]);
    const shrunkMs = await until('the pods of the fourth are gone', boundMs, async () => {
      const { length } = await orders().pods();
      return length === 6 ? undefined : `there are ${length} pods, slots ${(await shares()).join()}`;
    });
    tell(
      `4 -> 3 shards: pods gone after ${seconds(shrunkMs)}, whole after ${seconds(await orders().whole(boundMs))} more`,
    );
  });
  expect(longestSilenceMs).toBeLessThan(nodeTimeoutMs);
  expect([...(await shares())].sort()).toEqual([5461, 5461, 5462]);
});
