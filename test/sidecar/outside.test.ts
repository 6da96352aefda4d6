/** Where clients outside find a node: what its Service and its machine say. */
import type { OutsideService } from '../../sidecar/edges';
import { createOutside, placeOutside } from '../../sidecar/outside';
import { clusterConfig } from './support/config';
import { createMemoryLog } from './support/log';

const base = clusterConfig(3, 1, { engine: { name: 'valkey', version: '9.1' } });
const nodePort = { ...base, externalAccess: { type: 'NodePort' } } as const;
const balanced = { ...base, externalAccess: { type: 'LoadBalancer' } } as const;
const seen: OutsideService = { found: true, nodePort: 30_001, balancer: 'lb.example.com', machine: '192.0.2.1' };
const listens = 6379;

test.each([
  ['a node port is on the machine of the pod', nodePort, seen, { host: '192.0.2.1', port: 30_001 }],
  ['a load balancer takes the port of the server', balanced, seen, { host: 'lb.example.com' }],
  [
    'the spec knows a better name',
    { ...nodePort, externalAccess: { type: 'NodePort' as const, host: '{node}.example.com' } },
    seen,
    { host: 's0-0.example.com', port: 30_001 },
  ],
  [
    'a name needs no load balancer that says its address',
    { ...balanced, externalAccess: { type: 'LoadBalancer' as const, host: '{node}.example.com' } },
    { found: true },
    { host: 's0-0.example.com' },
  ],
  ['no Service', nodePort, { found: false }, 'there is no Service s0-0-external'],
  ['no port', nodePort, { found: true, machine: '192.0.2.1' }, 'the Service s0-0-external has no node port yet'],
  ['no load balancer', balanced, { found: true }, 'the load balancer of the Service s0-0-external has no address yet'],
  [
    'no machine',
    nodePort,
    { found: true, nodePort: 30_001 },
    'Kubernetes does not say the address of the machine that its pod is on',
  ],
  [
    'what no server announces',
    nodePort,
    { ...seen, machine: '2001:db8::1' },
    'servers announce no IPv6 address like 2001:db8::1; "externalAccess.host" has to say a name',
  ],
])('%s', (_what, config, service, place) => {
  expect(placeOutside(config, service, 's0-0')).toEqual(place);
});

/** A watch that has looked once, if it may. */
async function watched(config: typeof base, answer: () => Promise<OutsideService | undefined>, self = 's0-0') {
  const office = new AbortController();
  const watch = createOutside({
    platform: { readOutside: answer },
    clock: {
      now: () => 0,
      sleep: () => {
        office.abort();
        return Promise.resolve();
      },
    },
    log: createMemoryLog(),
    config: () => config,
    self,
    ownAddress: () => Promise.resolve({ ip: '10.0.0.1', client: listens, bus: 16_379, agent: 8379 }),
  });
  await watch.loop.run(office.signal);
  return watch.view();
}

const away = () => Promise.reject(new Error('the API is away'));

test('without a Service outside clients find the node inside, whatever the API says', async () => {
  expect(await watched(base, away)).toEqual({ place: { host: 's0-0.db', port: listens, listens } });
});

test('a node of a shard that leaves has no Service any more', async () => {
  expect(await watched(nodePort, away, 'db-s9-0')).toEqual({ place: { host: 'db-s9-0.db', port: listens, listens } });
});

test('while the API is away what was announced holds', async () => {
  expect(await watched(nodePort, away)).toEqual({});
  expect(await watched(nodePort, () => Promise.resolve(undefined))).toEqual({});
});

test('a Service without an address is something to know of', async () => {
  expect(await watched(balanced, () => Promise.resolve({ found: true }))).toEqual({
    warnings: [expect.stringContaining('has no address yet')],
  });
});

test('an engine that announces addresses only is told nothing', async () => {
  expect(await watched({ ...base, engine: { name: 'keydb', version: '6.3' } }, away)).toEqual({});
});
