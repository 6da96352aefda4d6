/** A client that can resolve no name of a pod or Service, and is sent to every node by the node's own port of a machine. */
import { containers, objectNames, ports } from '../../lib/contract/names';
import { useKiller, useOrders } from './support/fixture';
import { synthesizeOrders } from './support/manifests';
import { createNamespace, type Namespace } from './support/namespace';
import { database, prepareOrders, type Orders } from './support/orders';
import type { ServerPod } from './support/pods';
import { seconds, tell } from './support/progress';
import { whileWriting } from './support/recorder-pod';
import { until } from './support/until';

jest.setTimeout(300_000);

/** The agents look at their Services every 5 s, and news of a name takes the servers half a node timeout. Milliseconds. */
const toldWithinMs = 30_000;

/** As long as a kubelet may take to bring a changed configuration, and the above. Milliseconds. */
const changedWithinMs = 150_000;

const names = objectNames(database);

const specOf = (made: Orders, type: 'NodePort' | 'LoadBalancer'): string =>
  synthesizeOrders(made.namespace.name, made.setting.agentImage, (spec) =>
    spec.replace("version: '8.1'", "version: '9.1'").concat(`  externalAccess:\n    type: ${type}\n`),
  );

const orders = useOrders('outside', async () => {
  const made = await prepareOrders('outside');
  await made.apply(specOf(made, 'NodePort'));
  await made.whole(120_000);
  return made;
});

const killer = useKiller();

/** Where the database's clients may be in the network of a machine. */
let outside: Namespace | undefined;

beforeAll(async () => {
  outside = await createNamespace('outside-clients', 'privileged');
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'orders-auth' } };
  await outside.create({ ...secret, stringData: { password: orders().password } });
});

afterAll(() => outside?.remove());

/** `HOST:PORT` of each node, in order, as every server tells its clients by now. */
async function told(): Promise<readonly string[]> {
  const pods = await orders().pods();
  const ask = ({ name }: ServerPod) =>
    orders().namespace.kubectl([
      ...['exec', name, `--container=${containers.server}`, '--', 'valkey-cli', '--raw'],
      ...['--user', 'default', '--pass', orders().password, '--no-auth-warning', 'cluster', 'shards'],
    ]);
  const answers = await Promise.all(pods.map(ask));
  const lists = answers.map((text) =>
    [...text.matchAll(/^port\n(\d+)\n[^]*?^endpoint\n(.*)\n/gm)].map(([, port, host]) => `${host}:${port}`),
  );
  return [...new Set(lists.flat())].sort();
}

interface Service {
  readonly spec: { readonly ports: readonly { readonly nodePort: number }[] };
}

interface Machine {
  readonly status: { readonly hostIP: string };
}

/** `ADDRESS OF THE MACHINE:NODE PORT` of each node. */
async function nodePorts(): Promise<readonly string[]> {
  const pods = await orders().pods();
  const places = pods.map(async ({ name }) => {
    const { spec } = await orders().namespace.get<Service>(['service', names.externalService(name)]);
    const { status } = await orders().namespace.get<Machine>(['pod', name]);
    return `${status.hostIP}:${spec.ports[0]!.nodePort}`;
  });
  return (await Promise.all(places)).sort();
}

const untilTold = (what: string, boundMs: number, wanted: () => Promise<readonly string[]>): Promise<number> =>
  until(what, boundMs, async () => {
    const [now, then] = await Promise.all([told(), wanted()]);
    return now.join() === then.join()
      ? undefined
      : `clients are sent to ${now.join(', ')} instead of ${then.join(', ')}`;
  });

test('writes through node ports, to every slot, while a primary hands over, another is killed and a pod is made anew', async () => {
  tell(`announced after ${seconds(await untilTold('every node announces its node port', toldWithinMs, nodePorts))}`);
  const seeds = await nodePorts();
  const { namespace, setting, quietNode } = orders();
  const target = {
    namespace: outside!,
    setting,
    quietNode,
    seeds,
    secret: 'orders-auth',
    whole: false,
    outside: true,
  } as const;
  const { longestSilenceMs } = await whileWriting(target, 'outside', async () => {
    const pods = await orders().pods();
    const [first, second] = pods.filter(({ role }) => role === 'primary');
    await namespace.kubectl(['delete', 'pod', first!.name], { boundMs: 60_000 });
    await orders().whole(60_000);
    const third = (await orders().pods()).find(({ role, name }) => role === 'primary' && name === second!.name);
    await killer().kill(third!, 'server');
    await orders().whole(60_000);
    await untilTold('every node announces its node port again', toldWithinMs, nodePorts);
  });
  expect(longestSilenceMs).toBeLessThan(5000);
});

test('the bus of the servers stays inside, and so do the agents', async () => {
  const { spec } = await orders().namespace.get<Service>(['service', names.externalService(names.node('shard-0', 0))]);
  expect(spec.ports).toHaveLength(1);
  const table = await orders().send(['cluster nodes']);
  const ips = new Set((await orders().pods()).map(({ ip }) => ip));
  for (const line of table.filter((text) => text !== '')) expect(ips).toContain(/^\S+ ([^:]+):/.exec(line)?.[1]);
});

test('follows a load balancer, and says of which Service it has no address yet', async () => {
  const address = '192.0.2.7';
  await orders().apply(specOf(orders(), 'LoadBalancer'));
  const wanted = `sends no clients from outside to itself: the load balancer of the Service`;
  await until('the status misses the load balancers', changedWithinMs, async () => {
    const { reasons = [] } = (await orders().publishedStatus()) ?? {};
    return reasons.filter((reason) => reason.includes(wanted)).length === 6 ? undefined : reasons.join('; ');
  });
  const [balanced, named] = await orders().pods();
  const give = (pod: ServerPod, ingress: object) =>
    orders().namespace.kubectl([
      ...['patch', 'service', names.externalService(pod.name), '--subresource=status', '--type=merge'],
      `--patch=${JSON.stringify({ status: { loadBalancer: { ingress: [ingress] } } })}`,
    ]);
  await give(balanced!, { ip: address });
  await give(named!, { hostname: 'lb-1.example.com' });
  const others = (await orders().pods()).slice(2);
  await until('the load balancers are announced', toldWithinMs, async () => {
    const now = await told();
    const both = now.includes(`${address}:${ports.client}`) && now.includes(`lb-1.example.com:${ports.client}`);
    return both ? undefined : now.join();
  });
  for (const [index, pod] of others.entries()) await give(pod, { ip: `192.0.2.${index + 10}` });
  await orders().whole(toldWithinMs);
});

test('without it, clients are sent to the names inside again', async () => {
  await orders().apply(
    synthesizeOrders(orders().namespace.name, orders().setting.agentImage, (spec) =>
      spec.replace("version: '8.1'", "version: '9.1'"),
    ),
  );
  const pods = await orders().pods();
  const inside = pods.map(({ ip }) => `${ip}:${ports.client}`).sort();
  await untilTold('clients are sent inside again', changedWithinMs, () => Promise.resolve(inside));
  await orders().whole(toldWithinMs);
  expect((await orders().pods()).map(({ uid }) => uid)).toEqual(pods.map(({ uid }) => uid));
});
