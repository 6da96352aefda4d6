/** The example `orders` from nothing to nothing, in the order in which a user meets it. */
import { containers, objectNames } from '../../lib/contract/names';
import { useOrders } from './support/fixture';
import { database, prepareOrders } from './support/orders';
import { allowedDeeds, type Deed } from './support/permissions';
import { serverPodsOf } from './support/pods';
import { seconds, tell } from './support/progress';
import { until } from './support/until';

jest.setTimeout(180_000);

const names = objectNames(database);
const orders = useOrders('formation', prepareOrders);

const keys = Array.from({ length: 1000 }, (_, i) => `key:${i}`);
const writeKeys = () => orders().send(keys.map((key) => `set ${key} "value of ${key}"`));
const readKeys = () => orders().send(keys.map((key) => `get ${key}`));

test('the API server takes the manifests as they are: strictly validated, without a warning', async () => {
  const { namespace, manifests } = orders();
  const args = ['--server-side', '--dry-run=server', '--validate=strict', '--warnings-as-errors', '--filename=-'];
  await expect(namespace.kubectl(['apply', ...args], { input: manifests })).resolves.toContain(
    'statefulset.apps/orders',
  );
});

test('is whole within 60 s of its pods being scheduled, where the restricted Pod Security Standard is enforced', async () => {
  await orders().apply();
  const scheduledMs = await until('the pods are scheduled', 60_000, async () => {
    const pods = await orders().pods();
    return pods.length === 6 && pods.every(({ scheduled }) => scheduled) ? undefined : `${pods.length} pods`;
  });
  const wholeMs = await orders().whole(60_000);
  tell(`formation: scheduled after ${seconds(scheduledMs)}, whole ${seconds(wholeMs)} later`);
});

test('primaries are spread over the nodes of Kubernetes', async () => {
  // A server that a busy machine has kept waiting for long was replaced by another, and goes back once all is quiet.
  await until('the primaries are spread', 60_000, async () => {
    const primaries = (await orders().pods()).filter(({ role }) => role === 'primary').map(({ node }) => node);
    return primaries.length === 3 && new Set(primaries).size === 3 ? undefined : primaries.join(', ');
  });
});

test('clients of another pod read and write through the client Service', async () => {
  expect(new Set(await writeKeys())).toEqual(new Set(['OK']));
  expect(await readKeys()).toEqual(keys.map((key) => `value of ${key}`));
});

test('the client Service leads to every node, the replica Service to replicas only', async () => {
  const pods = await orders().pods();
  const ips = (role: string) =>
    pods
      .filter((pod) => pod.role.includes(role))
      .map(({ ip }) => ip)
      .sort();
  await expect(endpoints(names.clientService)).resolves.toEqual(ips(''));
  await expect(endpoints(names.replicaService)).resolves.toEqual(ips('replica'));
});

test('`keyspace status` prints a line a node, and says Healthy', async () => {
  const table = await keyspace('status');
  expect(table).toMatch(/^orders is Healthy: 6 of 6 nodes up, all 16384 slots served/);
  for (const { name, role, node } of await orders().pods())
    expect(table).toMatch(new RegExp(`^${name} +${role} .*${node}`, 'm'));
});

test('`keyspace reconcile` finds nothing to do', async () => {
  await expect(keyspace('reconcile', '--dry-run')).resolves.toBe('nothing to do\n');
  await keyspace('reconcile', '--timeout', '20');
});

test('applying the same manifests again changes nothing', async () => {
  const before = await versions();
  await orders().apply();
  expect(await versions()).toEqual(before);
  expect(before).toHaveProperty('StatefulSet/orders-shard-2', expect.any(Number));
  expect((await orders().publishedStatus())?.health).toBe('Healthy');
});

test('the agents may do what they do, and nothing else', async () => {
  const allowed: Deed[] = [
    'get pods/orders-shard-0-0',
    'patch pods/orders-shard-2-1',
    'get leases.coordination.k8s.io/orders-coordinator',
    'patch leases.coordination.k8s.io/orders-coordinator',
    'delete pods/orders-shard-0-0',
    'get pods/orders-shard-0-0/log',
    'patch statefulsets.apps/orders-shard-0',
    'patch configmaps/orders-status',
    'create events',
    'create leases.coordination.k8s.io',
  ];
  const forbidden: Deed[] = [
    'get secrets/orders-auth',
    'list secrets',
    'get pods/client',
    'list pods',
    'delete pods/client',
    'get pods/client/log',
    'create pods/orders-shard-0-0/exec',
    'create pods',
    'get leases.coordination.k8s.io/another',
    'delete leases.coordination.k8s.io/orders-coordinator',
    'patch configmaps/orders-agent',
    'get configmaps/another',
    'patch statefulsets.apps/another',
    'delete statefulsets.apps/orders-shard-0',
    'list statefulsets.apps',
    'delete events',
    'get nodes',
    'impersonate serviceaccounts',
  ];
  const { namespace } = orders();
  expect(await allowedDeeds(namespace, names.serviceAccount, [...allowed, ...forbidden])).toEqual(allowed);
});

test('the password is in no manifest, argument, environment, log, status or event', async () => {
  const { namespace, manifests, password } = orders();
  const logs = ['logs', serverPodsOf(database), '--all-containers', '--tail=-1', '--prefix'];
  const [pods, events, status, log] = await Promise.all([
    namespace.kubectl(['get', 'pods', serverPodsOf(database), '--output=yaml']),
    namespace.kubectl(['get', 'events', '--output=yaml']),
    namespace.kubectl(['get', 'configmaps', '--output=yaml']),
    namespace.kubectl(logs),
  ]);
  const processes = await Promise.all((await orders().pods()).flatMap(({ name }) => processesOf(name)));
  expect(processes.join('\n')).toContain('valkey-server');
  for (const process of processes) expect(process).toContain('PATH=');
  for (const text of [manifests, pods, events, status, log, ...processes]) expect(text.includes(password)).toBe(false);
});

test('deleting the manifests ends every pod within 30 s and keeps the volumes; applied again, every key is back', async () => {
  const { namespace, manifests } = orders();
  const began = performance.now();
  await namespace.kubectl(['delete', '--filename=-'], { input: manifests });
  await until('the pods are gone', 30_000, async () => {
    const pods = await orders().pods();
    return pods.length === 0 ? undefined : pods.map(({ name }) => name).join();
  });
  const endedMs = performance.now() - began;
  expect(endedMs).toBeLessThan(30_000);
  const { items } = await namespace.get<{ items: readonly unknown[] }>([
    'persistentvolumeclaims',
    serverPodsOf(database),
  ]);
  expect(items).toHaveLength(6);
  await orders().apply();
  const wholeMs = await orders().whole(90_000);
  tell(`deleted in ${seconds(endedMs)}, whole ${seconds(wholeMs)} after it was applied again`);
  expect(await readKeys()).toEqual(keys.map((key) => `value of ${key}`));
});

const keyspace = (...args: readonly string[]): Promise<string> =>
  orders().namespace.kubectl([
    'exec',
    names.node('shard-1', 0),
    `--container=${containers.agent}`,
    '--',
    'keyspace',
    ...args,
  ]);

/** How often each applied object has changed: as far as that is ours, and not the agents' or Kubernetes' own. */
async function versions(): Promise<Readonly<Record<string, string | number>>> {
  const { namespace, manifests } = orders();
  const { items } = JSON.parse(
    await namespace.kubectl(['get', '--filename=-', '--output=json'], { input: manifests }),
  ) as { items: readonly { kind: string; metadata: { name: string; generation?: number; resourceVersion: string } }[] };
  const records: readonly string[] = [names.status];
  const ours = items.filter(({ metadata }) => !records.includes(metadata.name));
  return Object.fromEntries(
    ours.map(({ kind, metadata: { name, generation, resourceVersion } }) => [
      `${kind}/${name}`,
      generation ?? resourceVersion,
    ]),
  );
}

/** Addresses behind a Service that are ready. */
async function endpoints(service: string): Promise<string[]> {
  const selector = `--selector=kubernetes.io/service-name=${service}`;
  const { items } = await orders().namespace.get<{
    items: readonly { endpoints: readonly { addresses: readonly string[]; conditions: { ready: boolean } }[] }[];
  }>(['endpointslices', selector]);
  const ready = items.flatMap((slice) => slice.endpoints).filter(({ conditions }) => conditions.ready);
  return ready.flatMap(({ addresses }) => addresses).sort();
}

/**
 * Arguments and environment of every process in both containers of a pod. One that a probe is just starting, or that is gone by
 * now, cannot be read; the first is there for good.
 */
function processesOf(pod: string): Promise<string>[] {
  const { kubectl } = orders().namespace;
  const inside = (container: string, ...command: string[]) =>
    kubectl(['exec', pod, `--container=${container}`, '--', ...command]);
  const withShell = `for process in /proc/[0-9]*; do
      cat $process/cmdline $process/environ 2>/dev/null || test $process != /proc/1 || exit 1
    done`;
  const withNode = `const fs = require('fs');
    for (const name of fs.readdirSync('/proc').filter((name) => Number(name)))
      try {
        for (const file of ['cmdline', 'environ']) console.log(fs.readFileSync('/proc/' + name + '/' + file, 'utf8'));
      } catch (error) {
        if (name === '1') throw error;
      }`;
  return [inside(containers.server, 'sh', '-c', withShell), inside(containers.agent, 'node', '--eval', withNode)];
}
