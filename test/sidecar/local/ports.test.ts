import { createServer } from 'node:net';

import { createPorts } from '../../../sidecar/local/machine/ports';

/** A block that the other tests of this file leave alone. */
const block = 57;

test('gives every node ports of its own, with the bus 10000 above the client', async () => {
  const ports = createPorts();
  const taken = await Promise.all(Array.from({ length: 120 }, () => ports.take()));
  ports.release();
  const all = taken.flatMap(({ client, bus, agent }) => [client, bus, agent]);
  expect(new Set(all).size).toBe(360);
  expect(Math.max(...all)).toBeLessThan(32_768);
  expect(taken.every(({ client, bus }) => bus === client + 10_000)).toBe(true);
});

test('two users of the machine never get the same port, although neither listens yet', async () => {
  const [one, other] = [createPorts(block), createPorts(block)];
  const [first, second] = await Promise.all([one.take(), other.take()]);
  expect(second.client).not.toBe(first.client);
  one.release();
  other.release();
});

test('passes over a port on which somebody listens', async () => {
  const first = createPorts(block + 10);
  const { client } = await first.take();
  first.release();
  const stranger = createServer().listen(client, '127.0.0.1');
  await new Promise((resolve) => stranger.once('listening', resolve));
  const second = createPorts(block + 10);
  expect((await second.take()).client).toBe(client + 1);
  second.release();
  stranger.close();
});

test('rejects a request after the release', async () => {
  const ports = createPorts();
  ports.release();
  await expect(ports.take()).rejects.toThrow('no ports after their release');
});
