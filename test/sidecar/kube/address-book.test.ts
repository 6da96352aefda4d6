import { agentConfigSchema } from '../../../lib/contract/agent-config';
import { systemClock } from '../../../sidecar/clock';
import type { Clock } from '../../../sidecar/edges';
import { createAddressBook } from '../../../sidecar/kube/address-book';

const node = { name: 'orders-0-0', host: 'orders-0-0.orders-headless.shop.svc' };

const config = agentConfigSchema.parse({
  schema: 1,
  database: 'orders',
  namespace: 'shop',
  engine: { name: 'valkey', version: '8.1' },
  topology: 'cluster',
  shards: [{ name: '0', nodes: [node] }],
  ports: { client: 6379, bus: 16379, agent: 8379 },
  auth: 'off',
  tls: 'off',
  persistence: 'off',
  nodeTimeoutMs: 5000,
});

/** Every bound is over at once. */
const impatient: Clock = { now: () => 0, sleep: () => Promise.resolve() };

const createBook = (resolve?: (host: string) => Promise<string>, clock: Clock = systemClock) =>
  createAddressBook({ config: () => config, clock, ...(resolve ? { resolve } : {}) });

const unknown = () => Promise.reject(new Error('ENOTFOUND'));

test('finds a node at the address behind its host name and the ports of the configuration', async () => {
  const asked: string[] = [];
  const book = createBook((host) => {
    asked.push(host);
    return Promise.resolve('10.0.0.7');
  });
  expect(await book.locate(node)).toEqual({ ip: '10.0.0.7', client: 6379, bus: 16379, agent: 8379 });
  expect(asked).toEqual([node.host]);
});

test('finds a new address as soon as the name has one', async () => {
  let ip = '10.0.0.7';
  const book = createBook(() => Promise.resolve(ip));
  await book.locate(node);
  ip = '10.0.0.8';
  expect(await book.locate(node)).toMatchObject({ ip: '10.0.0.8' });
});

test('knows no address of a name that has never resolved', async () => {
  expect(await createBook(unknown).locate(node)).toBeUndefined();
});

test('knows no address of a name that resolves no more', async () => {
  let resolve = () => Promise.resolve('10.0.0.7');
  const book = createBook(() => resolve());
  await book.locate(node);
  resolve = unknown;
  expect(await book.locate(node)).toBeUndefined();
});

test('does not wait longer than its bound, and asks once while no answer has come', async () => {
  let asked = 0;
  let answer: (ip: string) => void = () => undefined;
  const book = createBook(() => {
    asked++;
    return new Promise((resolve) => (answer = resolve));
  }, impatient);
  expect(await book.locate(node)).toBeUndefined();
  expect(await book.locate(node)).toBeUndefined();
  expect(asked).toBe(1);
  answer('10.0.0.9');
  await new Promise(setImmediate);
  const late = book.locate(node);
  expect(asked).toBe(2);
  expect(await late).toMatchObject({ ip: '10.0.0.9' });
});

test("asks the system's resolver", async () => {
  expect(await createBook().locate({ name: 'x', host: 'localhost' })).toMatchObject({
    ip: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) as string,
  });
});
