import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import type { AgentConfig } from '../../../lib/contract/agent-config';
import { newestSchema } from '../../../lib/contract/render-agent-config';
import { createServers } from '../../../sidecar/server/server';

const config: AgentConfig = {
  schema: newestSchema,
  database: 'orders',
  namespace: 'shop',
  engine: { name: 'valkey', version: '8.1' },
  topology: 'cluster',
  shards: [{ name: 'shard-0', nodes: [{ name: 'orders-shard-0-0', host: 'localhost' }] }],
  ports: { client: 6379, bus: 16379, agent: 8379 },
  auth: 'off',
  tls: 'off',
  persistence: 'off',
  nodeTimeoutMs: 5000,
};

describe('a server that accepts connections and never answers', () => {
  const connections = new Set<Socket>();
  const servers = createServers(
    () => config,
    '',
    () => Promise.resolve(undefined),
  );
  let hanging: Server;

  beforeAll(async () => {
    hanging = createServer((socket) => connections.add(socket));
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    servers.close();
    for (const socket of connections) socket.destroy();
    hanging.close();
  });

  test('is called on a new connection each time: the last one may never close', async () => {
    const { port } = hanging.address() as AddressInfo;
    const at = { ip: '127.0.0.1', client: port, bus: 0, agent: 0 };
    const server = servers.of(config.shards[0]!.nodes[0]!, at);
    const views = [await server.look(), await server.look()];
    expect(views.map(({ state }) => state)).toEqual(['unreachable', 'unreachable']);
    expect(connections.size).toBe(2);
  });
});
