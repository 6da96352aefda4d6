/** The agent's edge to Kubernetes, with the objects and the permissions that the example `orders` synthesizes, on a real API server. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';

import { systemClock } from '../../sidecar/clock';
import { createCoordinator } from '../../sidecar/coordinator';
import { createKubeClient, type ApiServer } from '../../sidecar/kube/client';
import { createKubePlatform } from '../../sidecar/kube/platform';
import { temporaryFolder } from '../sidecar/support/certificates';
import { createMemoryLog } from '../sidecar/support/log';
import { until } from '../sidecar/support/until';

const run = promisify(execFile);

const namespace = `keyspace-platform-${randomBytes(3).toString('hex')}`;
const pod = 'orders-shard-0-0';
const folder = temporaryFolder();

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly subjects?: readonly { readonly namespace: string }[];
}

interface ClusterConfig {
  readonly clusters: readonly { readonly cluster: Record<string, string | undefined> }[];
}

const kubectl = async (...args: string[]): Promise<string> =>
  (await run('kubectl', ['--namespace', namespace, ...args], { timeout: 30_000 })).stdout;

/** The objects an agent works with, moved to the namespace of this test. */
function manifests(): Manifest[] {
  const text = readFileSync(join(__dirname, '../../dist/orders.k8s.yaml'), 'utf8');
  const all = parseAllDocuments(text.replace(/\bnamespace: shop$/gm, `namespace: ${namespace}`)).map(
    (document) => document.toJS() as Manifest,
  );
  return all.filter(
    ({ kind, metadata }) =>
      ['ServiceAccount', 'Role', 'RoleBinding', 'Lease'].includes(kind) || metadata.name === 'orders-status',
  );
}

/** A pod that no node takes: its labels can be changed all the same. */
const idlePod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: pod, labels: { 'app.kubernetes.io/instance': 'orders' } },
  spec: {
    nodeName: '',
    schedulingGates: [{ name: 'example.org/never' }],
    containers: [{ name: 'server', image: 'none' }],
  },
};

async function apply(...objects: object[]): Promise<void> {
  const file = join(folder, 'objects.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  await kubectl('apply', '-f', file);
}

/** Where the API server is, and a token of the agents' ServiceAccount. */
async function connect(): Promise<ApiServer> {
  const config = JSON.parse(await kubectl('config', 'view', '--raw', '--minify', '-o', 'json')) as ClusterConfig;
  const cluster = config.clusters[0]!.cluster;
  const url = new URL(cluster.server!);
  const [tokenFile, authorityFile] = [join(folder, 'token'), join(folder, 'ca.crt')];
  const authority = cluster['certificate-authority'];
  const pem = authority ? readFileSync(authority) : Buffer.from(cluster['certificate-authority-data']!, 'base64');
  writeFileSync(authorityFile, pem);
  writeFileSync(tokenFile, await kubectl('create', 'token', 'orders-agent'));
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 443), tokenFile, authorityFile };
}

const described = process.env.KUBECONFIG ? describe : describe.skip;

described('on a Kubernetes cluster (left out unless KUBECONFIG names one)', () => {
  let server: ApiServer;
  const clients: ReturnType<typeof createKubeClient>[] = [];

  const clientOf = (where = server) => {
    const client = createKubeClient(where);
    clients.push(client);
    return client;
  };

  function platformOf(node = pod, where = server) {
    const log = createMemoryLog();
    return { log, ...createKubePlatform({ client: clientOf(where), log, namespace, database: 'orders', node }) };
  }

  const read = async (kind: string, name: string): Promise<string> => kubectl('get', kind, name, '-o', 'json');

  beforeAll(async () => {
    await run('kubectl', ['create', 'namespace', namespace], { timeout: 30_000 });
    await run(
      'kubectl',
      ['wait', '--namespace', namespace, '--for=create', 'serviceaccount/default', '--timeout=30s'],
      {
        timeout: 60_000,
      },
    );
    await apply(...manifests(), idlePod);
    server = await connect();
  }, 60_000);

  afterAll(async () => {
    clients.forEach((client) => client.close());
    await run('kubectl', ['delete', 'namespace', namespace, '--wait=false'], { timeout: 30_000 });
  }, 60_000);

  test('of many agents that want a free lease one gets it', async () => {
    const platforms = Array.from({ length: 8 }, () => platformOf());
    const records = await Promise.all(platforms.map((platform) => platform.readLease()));
    expect(records.every(({ holder, renewal }) => holder === '' && renewal === '')).toBe(true);
    const takes = platforms.map((platform, index) =>
      platform.takeLease(`agent-${index}`, 15_000, records[index]!.version),
    );
    const winners = (await Promise.all(takes)).flatMap((won, index) => (won ? [`agent-${index}`] : []));
    expect(winners).toHaveLength(1);
    expect(await platforms[0]!.readLease()).toMatchObject({ holder: winners[0], durationMs: 15_000 });
  });

  test('a renewal is seen by the others, and a lease that was given up is free', async () => {
    const [mine, theirs] = [platformOf(), platformOf()];
    const before = await mine.readLease();
    expect(await mine.takeLease('mine', 15_000, before.version)).toBe(true);
    const seen = await theirs.readLease();
    expect(seen.renewal).not.toBe(before.renewal);
    expect(await theirs.takeLease('theirs', 15_000, before.version)).toBe(false);
    expect(await mine.takeLease('', 1000, seen.version)).toBe(true);
    expect(await theirs.readLease()).toMatchObject({ holder: '' });
  });

  test('two coordinators take turns, and the one that ends hands over at once', async () => {
    const timing = { durationMs: 3000, renewMs: 300, marginMs: 1000, retryMs: 200 };
    const members = ['a', 'b'].map((holder) => {
      const ending = new AbortController();
      const coordinator = createCoordinator({
        platform: platformOf(),
        clock: systemClock,
        log: createMemoryLog(),
        holder,
        timing,
      });
      return { ...coordinator, ending, ended: coordinator.run(ending.signal) };
    });
    const leaders = () => members.filter(({ leading }) => leading());
    const [first] = await until(leaders, ({ length }) => length > 0);
    first!.ending.abort();
    await first!.ended;
    const [second] = await until(leaders, ({ length }) => length > 0, 2000);
    expect(second).not.toBe(first);
    second!.ending.abort();
    await second!.ended;
  }, 20_000);

  test('the role of a node is a label of its pod, in the name of keyspace', async () => {
    await platformOf().labelRole(pod, 'primary');
    const { metadata } = JSON.parse(await kubectl('get', 'pod', pod, '--show-managed-fields', '-o', 'json')) as {
      metadata: { labels: Record<string, string>; managedFields: { manager: string }[] };
    };
    expect(metadata.labels).toEqual({ 'app.kubernetes.io/instance': 'orders', 'cdk8s-keyspace/role': 'primary' });
    expect(metadata.managedFields.map(({ manager }) => manager)).toContain('keyspace');
    await platformOf().labelRole(pod, 'replica');
    expect(await kubectl('get', 'pods', '-l', 'cdk8s-keyspace/role=replica', '-o', 'name')).toBe(`pod/${pod}\n`);
  });

  test('the status is in its ConfigMap', async () => {
    await platformOf().publishStatus('{"health":"Healthy"}\n');
    expect(JSON.parse(await read('configmap', 'orders-status'))).toMatchObject({
      data: { 'status.json': '{"health":"Healthy"}\n' },
    });
  });

  test('what is announced is found where people look for it, once', async () => {
    const platform = platformOf('orders-shard-2-0');
    const action = { do: 'failover', node: pod, id: 'its id', from: 'orders-shard-0-1', force: true } as const;
    for (let time = 0; time < 3; time++)
      await platform.announce(action, 'fail over from orders-shard-0-1 to orders-shard-0-0');
    expect(platform.log.lines).toEqual([]);
    const description = await kubectl('describe', 'pod', pod);
    expect(description).toMatch(
      /Warning +Failover +\S+ +keyspace +fail over from orders-shard-0-1 to orders-shard-0-0/,
    );
    const events = await kubectl('get', 'events', '--field-selector', 'reason=Failover', '-o', 'name');
    expect(events.trim().split('\n')).toHaveLength(1);
  });

  test('an agent may do nothing beyond its own database', async () => {
    const client = clientOf();
    const forbidden = { name: 'ApiError', status: 403, reason: 'Forbidden' };
    const core = `/api/v1/namespaces/${namespace}`;
    await expect(client.get(`${core}/pods/another`)).rejects.toMatchObject(forbidden);
    await expect(client.get(`${core}/secrets/orders-auth`)).rejects.toMatchObject(forbidden);
    await expect(client.create(`${core}/pods`, idlePod)).rejects.toMatchObject(forbidden);
    await expect(client.get(`/api/v1/namespaces/default/pods/${pod}`)).rejects.toMatchObject(forbidden);
  });

  test('a pod that is not there needs no label, and a ServiceAccount that is unknown is an error', async () => {
    const gone = 'orders-shard-1-1';
    await expect(platformOf().labelRole(gone, 'primary')).resolves.toBeUndefined();
    await expect(platformOf().readRole(gone)).resolves.toBeUndefined();
    const tokenFile = join(folder, 'stale-token');
    writeFileSync(tokenFile, 'of an account that is gone');
    const stranger = platformOf(pod, { ...server, tokenFile });
    await expect(stranger.readLease()).rejects.toMatchObject({ name: 'ApiError', status: 401 });
    await expect(stranger.labelRole(gone, 'primary')).rejects.toMatchObject({ name: 'ApiError', status: 401 });
  });
});
