/** What goes through between a server and its source, and what does not. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import type { AgentConfig } from '../../../lib/contract/agent-config';
import { createGate } from '../../../sidecar/source/gate';
import type { Owned } from '../../../sidecar/source/facts';
import { clusterConfig } from '../support/config';
import { createMemoryLog } from '../support/log';
import { until } from '../support/until';

const closing: (() => void)[] = [];

afterEach(() => closing.splice(0).forEach((close) => close()));

const command = (...words: string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;

const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`;

/** A source that answers as told to `PSYNC`, and keeps what it is told. */
async function startModelSource(psync: string): Promise<{ port: number; told: () => string; server: Server }> {
  let told = '';
  const answers: Readonly<Record<string, string>> = {
    server: bulk('redis_mode:standalone'),
    replication: bulk('role:master\r\nmaster_replid:abc\r\nmaster_repl_offset:5'),
    keyspace: bulk('db0:keys=3'),
    listening: '+OK\r\n',
    PSYNC: psync,
  };
  const server = createServer((socket) =>
    socket
      .on('error', () => undefined)
      .on('data', (data) => {
        const text = String(data);
        told += text;
        for (const word of text.matchAll(/server|replication|keyspace|listening|PSYNC/g))
          socket.write(answers[word[0]]!);
      }),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closing.push(() => server.close());
  return { port: (server.address() as AddressInfo).port, told: () => told, server };
}

/** The own server at a gate to that source. */
async function openGate(sourcePort: number, owned: Owned = { claim: `127.0.0.1:${sourcePort}`, keys: 0 }) {
  const replicaOf = { host: '127.0.0.1', port: sourcePort, auth: 'off', tls: 'off' } as const;
  const alone = clusterConfig(1, 0, { topology: 'standalone' });
  let config: AgentConfig = { ...alone, replicaOf };
  const passwords = () => Promise.resolve(['secret']);
  const gate = createGate({ config: () => config, home: '', log: createMemoryLog(), passwords });
  const port = await gate.open({ owned: () => Promise.resolve(owned) });
  const socket: Socket = connect(port, '127.0.0.1').on('error', () => undefined);
  let heard = '';
  socket.on('data', (data) => (heard += String(data)));
  closing.push(gate.close, () => socket.destroy());
  return {
    gate,
    socket,
    heard: () => heard,
    view: () => gate.view(port),
    leave: () => void (config = alone),
  };
}

const greeting =
  command('PING') +
  command('AUTH', 'replication', 'secret') +
  command('REPLCONF', 'listening-port', '6379', 'capa', 'dual-channel');

const copyOf = (header: string): string => `+FULLRESYNC abc 5\r\n\n$EOF:${'m'.repeat(40)}\r\n${header}rest`;

test('a copy that may be made goes through from its first byte on, and nothing goes past the gate', async () => {
  const source = await startModelSource(copyOf('REDIS0011'));
  const { socket, heard, view } = await openGate(source.port);
  socket.write(greeting + command('PSYNC', '?', '-1'));
  await until(heard, (text) => text.endsWith('rest'));
  expect(heard()).toBe(`+PONG\r\n+OK\r\n+OK\r\n\n${copyOf('REDIS0011').replace('\n\n', '\n')}`);
  expect(source.told()).not.toMatch(/secret|dual-channel/);
  expect(view()).toMatchObject({ offset: 5, history: 'abc' });
  expect(view()).not.toHaveProperty('reason');
  socket.write(command('REPLCONF', 'ACK', '5'));
  await until(source.told, (text) => text.includes('ACK'));
});

test.each([
  ['its own data', copyOf('REDIS0011'), { keys: 9 }, 'data of its own'],
  ['a newer format', copyOf('REDIS0012'), undefined, 'cannot load'],
  ['a refusal', '-NOMASTERLINK not now\r\n', undefined, 'it answers: NOMASTERLINK not now'],
] as const)('of a copy that may not be made the server hears nothing: %s', async (_what, psync, owned, reason) => {
  const source = await startModelSource(psync);
  const { socket, heard, view } = await openGate(source.port, owned);
  socket.write(greeting + command('PSYNC', '?', '-1'));
  await until(view, (now) => now?.reason?.includes(reason) === true);
  expect(heard()).not.toContain('FULLRESYNC');
});

test.each([[command('AUTH', 'somebody', 'guessed')], ['']])('nobody but the own server gets through', async (auth) => {
  const source = await startModelSource(copyOf('REDIS0011'));
  const { socket, heard, view } = await openGate(source.port);
  socket.write(command('PING') + auth + command('PSYNC', '?', '-1'));
  await until(view, (now) => now?.reason?.includes('not the own server') === true);
  expect([heard(), source.told().includes('PSYNC')]).toEqual(['+PONG\r\n', false]);
});

test('when the spec names it no more, what it has written by then is asked for once', async () => {
  const source = await startModelSource('+CONTINUE\r\n');
  const { gate, socket, heard, view, leave } = await openGate(source.port);
  socket.write(greeting + command('PSYNC', 'abc', '5'));
  await until(heard, (text) => text.endsWith('+CONTINUE\r\n'));
  await gate.watch();
  leave();
  expect(view()).toMatchObject({ parting: 'asking' });
  await gate.watch();
  expect(view()).toMatchObject({ parting: 'asked', offset: 5 });
  socket.destroy();
  await until(view, (now) => now === undefined);
});
