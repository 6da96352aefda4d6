/** Machines and networks below the example `orders` fail while a client writes; what a replica has confirmed stays. */
import { setTimeout as sleep } from 'node:timers/promises';

import { apiServerAway, during, faultTest, partition, powerFailure } from '../kubernetes/support/faults';
import { useOrders } from '../kubernetes/support/fixture';
import { isReady, untilHeard } from '../kubernetes/support/nodes';
import type { ServerPod } from '../kubernetes/support/pods';
import { seconds, tell } from '../kubernetes/support/progress';
import { underWrites } from '../kubernetes/support/recorder-pod';
import { spreadPrimaries } from '../kubernetes/support/spread';
import { until } from '../kubernetes/support/until';

jest.setTimeout(300_000);

/** Longest time until the database is whole again, from when what it stands on is. Milliseconds. */
const boundMs = 60_000;

/** Longest time until kubelets and pods reach an API server that is back: kube-proxy and kubelets ask for it again once a minute at worst. Milliseconds. */
const reachableMs = 120_000;

/** Longest time until a replica has taken over from a primary whose machine is gone: the node timeout, an election, a look. */
const takeoverMs = 20_000;

const orders = useOrders('faults');

faultTest('the API server is away for a minute: writes go on, and the agents find back by themselves', async () => {
  const before = await orders().pods();
  const { longestSilenceMs } = await underWrites(orders(), 'no-api-server', async () => {
    await during(apiServerAway, () => sleep(60_000));
    const { updated } = (await orders().publishedStatus())!;
    const nodes = [...orders().otherNodes, orders().quietNode];
    tell(`API server back: heard of every node after ${seconds(await untilHeard(nodes, reachableMs))}`);
    tell(`whole after ${seconds(await orders().whole(reachableMs))} more`);
    await until('the status is written anew', reachableMs, async () =>
      (await orders().publishedStatus())!.updated === updated ? `it is of ${updated}` : undefined,
    );
  });
  expect(longestSilenceMs).toBeLessThan(5000);
  expect((await orders().pods()).map(restartsOf)).toEqual(before.map(restartsOf));
});

faultTest('a node loses power and comes back: its primary is replaced meanwhile', async () => {
  const victim = await choosePrimary();
  await underWrites(orders(), 'power-failure', async () => {
    await during(powerFailure(victim.node), async () => {
      tell(`${victim.node} without power: replaced after ${seconds(await untilReplaced(victim))}`);
      await until('Kubernetes has noticed', boundMs, async () =>
        (await isReady(victim.node)) ? 'it has not' : undefined,
      );
    });
    await until('the node is back', boundMs, async () => ((await isReady(victim.node)) ? undefined : 'it is not'));
    tell(`${victim.node} back: whole after ${seconds(await orders().whole(boundMs))}`);
  });
});

faultTest('a node is cut off for 30 s: its primary is replaced meanwhile and follows when it is back', async () => {
  const victim = await choosePrimary();
  await underWrites(orders(), 'partition', async () => {
    await during(partition(victim.node), async () => {
      const whole = sleep(30_000);
      tell(`${victim.node} cut off: replaced after ${seconds(await untilReplaced(victim))}`);
      await whole;
    });
    tell(`${victim.node} joined: whole after ${seconds(await orders().whole(boundMs))}`);
  });
  expect((await orders().pods()).map(({ uid }) => uid)).toContain(victim.uid);
});

/** A primary on a node that may fail, and that holds no majority of primaries: without one nobody could replace it. */
async function choosePrimary(): Promise<ServerPod> {
  await spreadPrimaries(orders());
  const pods = await orders().pods();
  return pods.find(({ role, node }) => role === 'primary' && node === orders().otherNodes[0])!;
}

/** Waits until the other node of the shard says that it is the primary. */
const untilReplaced = (victim: ServerPod): Promise<number> =>
  until(`${victim.name} is replaced`, takeoverMs, async () => {
    const heir = (await orders().pods()).find(({ shard, name }) => shard === victim.shard && name !== victim.name)!;
    return heir.role === 'primary' ? undefined : `${heir.name} is a ${heir.role}`;
  });

const restartsOf = ({ name, restarts }: ServerPod) => ({ name, restarts });
