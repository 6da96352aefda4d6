import type { RequestListener } from 'node:http';

import { exchange } from '../../../sidecar/http/exchange';
import { deriveKey } from '../../../sidecar/peer/key';
import type { AgentReport } from '../../../sidecar/view';
import { createPeerWorld, key, keysOf, report } from '../support/peer-world';

let world: ReturnType<typeof createPeerWorld>;

beforeEach(() => {
  world = createPeerWorld();
});

afterEach(() => world.close());

test('an agent tells another of its node, all of it', async () => {
  const address = await world.meet();
  expect(await world.report(address)).toEqual(report);
  expect(await world.report(address)).toEqual(report);
  expect(world.log.lines).toEqual([]);
});

test('an agent takes in a report that another pushes', async () => {
  const address = await world.meet();
  const ending = { ...report, node: 'orders-1-0', ending: true };
  await world.tell(address, ending);
  expect(world.heard).toEqual([ending]);
  expect(world.log.lines).toEqual([]);
});

test('an agent does what is asked for, and nothing that it does not know', async () => {
  const address = await world.meet();
  await world.request(address, { do: 'look-again' });
  expect(world.requests).toEqual([{ do: 'look-again' }]);
  await expect(world.request(address, { do: 'something' } as never)).rejects.toThrow('answers 400: the request is not');
  await world.end();
  await expect(world.request(address, { do: 'look-again' })).rejects.toThrow('ECONNREFUSED');
});

test('nobody answers for an agent that is not there, and telling it is no error', async () => {
  const address = await world.meet();
  await world.end();
  expect(await world.report(address)).toBeUndefined();
  await expect(world.tell(address, report)).resolves.toBeUndefined();
  expect(world.log.lines.every((line) => line === 'debug: the agent of orders-0-0 does not answer')).toBe(true);
});

test('an agent that hangs is given up after a second', async () => {
  const address = await world.impersonate(() => undefined);
  const before = performance.now();
  expect(await world.report(address)).toBeUndefined();
  expect(performance.now() - before).toBeLessThan(2000);
});

test('refuses the report of another node: its address was taken over', async () => {
  const address = await world.meet({ answer: { ...report, node: 'orders-2-0' } });
  expect(await world.report(address)).toBeUndefined();
  expect(world.log.lines).toEqual(['warn: whoever answers as the agent of orders-0-0 is the agent of orders-2-0']);
});

test('refuses to answer a request that was meant for another node', async () => {
  const address = await world.meet({ guard: { node: 'orders-2-0' } });
  expect(await world.report(address)).toBeUndefined();
  expect(world.log.lines).toEqual([
    'warn: whoever answers as the agent of orders-0-0 refuses this agent: the signature is not one of an agent of this database to this node',
  ]);
});

test.each([
  ['password', deriveKey({ namespace: 'shop', database: 'orders' }, 'other')],
  ['namespace', deriveKey({ namespace: 'other', database: 'orders' }, 'secret')],
  ['database', deriveKey({ namespace: 'shop', database: 'other' }, 'secret')],
])('refuses agents of another %s, in both roles', async (_what, other) => {
  const address = await world.meet({ client: { keys: keysOf(other) } });
  expect(await world.report(address)).toBeUndefined();
  await world.tell(address, report);
  expect(world.heard).toEqual([]);
});

test('agents understand each other while one of them has a new password already', async () => {
  const next = deriveKey({ namespace: 'shop', database: 'orders' }, 'next');
  const address = await world.meet({ guard: { keys: keysOf(next, key) }, client: { keys: keysOf(key, next) } });
  expect(await world.report(address)).toEqual(report);
});

test('answers everybody who knows the old password with the old one', async () => {
  const next = deriveKey({ namespace: 'shop', database: 'orders' }, 'next');
  const address = await world.meet({ guard: { keys: keysOf(next, key) } });
  expect(await world.report(address)).toEqual(report);
});

test('refuses an answer that nobody of this database has signed', async () => {
  const address = await world.impersonate((_request, response) => response.end(JSON.stringify(report)));
  expect(await world.report(address)).toBeUndefined();
  expect(world.log.lines).toEqual([
    'warn: whoever answers as the agent of orders-0-0 does not prove that it belongs to this database',
  ]);
});

test('refuses a true answer to an older question', async () => {
  const address = await world.meet();
  let recorded: { status: number; headers: Record<string, string>; body: string } | undefined;
  const relay: RequestListener = (request, response) => {
    const headers = request.headers as Record<string, string>;
    const options = { host: '127.0.0.1', port: address.agent, method: request.method, path: request.url };
    const answer = recorded ?? exchange({ scheme: 'http', options, headers, timeoutMs: 1000, maxBytes: 10_000 });
    void Promise.resolve(answer).then(({ status, headers, body }) => {
      recorded = { status, headers: headers as Record<string, string>, body };
      response.writeHead(status, recorded.headers).end(body);
    });
  };
  const between = await world.impersonate(relay);
  expect(await world.report(between)).toEqual(report);
  expect(await world.report(between)).toBeUndefined();
  expect(world.log.lines[0]).toContain('does not prove that it belongs to this database');
});

test('refuses a request that is sent a second time, and one that was changed on its way', async () => {
  const address = await world.meet();
  const answers: number[] = [];
  const relay: RequestListener = (request, response) => {
    const headers = request.headers as Record<string, string>;
    const options = { host: '127.0.0.1', port: address.agent, method: request.method, path: request.url };
    const send = (changed: Record<string, string>, body?: string) =>
      exchange({
        scheme: 'http',
        options,
        headers: { ...headers, ...changed },
        ...(body === undefined ? {} : { body }),
        timeoutMs: 1000,
        maxBytes: 10_000,
      }).then(({ status }) => void answers.push(status));
    void send({}, '{}')
      .then(() => send({ 'keyspace-time': String(Number(headers['keyspace-time']) + 1) }))
      .then(() => send({ 'keyspace-nonce': '0'.repeat(32) }))
      .then(() => send({}))
      .then(() => send({}))
      .finally(() => response.end());
  };
  const between = await world.impersonate(relay);
  await world.report(between);
  expect(answers).toEqual([401, 401, 401, 200, 401]);
});

test('refuses an agent whose clock is too far away, and says so once', async () => {
  const address = await world.meet({ client: { now: () => Date.now() + 61_000 } });
  await world.report(address);
  await world.report(address);
  expect(world.log.lines).toEqual([
    'warn: whoever answers as the agent of orders-0-0 refuses this agent: the clocks of the two machines are more than 60000 ms apart; set them',
  ]);
});

test('understands an agent whose clock is a little away', async () => {
  const address = await world.meet({ client: { now: () => Date.now() - 50_000 } });
  expect(await world.report(address)).toEqual(report);
});

test('says when the answers are right again', async () => {
  let now = Date.now() + 61_000;
  const address = await world.meet({ client: { now: () => now } });
  await world.report(address);
  now = Date.now();
  expect(await world.report(address)).toEqual(report);
  expect(world.log.lines.at(-1)).toBe('info: the agent of orders-0-0 answers as it should again');
});

test('ignores what a newer agent says beyond what is known', async () => {
  const address = await world.meet({ answer: { ...report, mood: 'good' } as AgentReport });
  expect(await world.report(address)).toEqual(report);
});

test('refuses a report that is not understood, and says what is wrong with it', async () => {
  const address = await world.meet({ answer: { ...report, server: 'asleep' } as unknown as AgentReport });
  expect(await world.report(address)).toBeUndefined();
  expect(world.log.lines[0]).toContain('sends something else: the report is not understood: server: Invalid option');
});

test('refuses a pushed report that is not understood', async () => {
  const address = await world.meet();
  await world.tell(address, { node: 'x' } as AgentReport);
  expect(world.heard).toEqual([]);
  expect(world.log.lines[0]).toContain('answers 400: the report is not understood');
});

test('a request without any proof is refused', async () => {
  const address = await world.meet();
  const options = { host: '127.0.0.1', port: address.agent, path: '/v1/report' };
  const answer = await exchange({ scheme: 'http', options, timeoutMs: 1000, maxBytes: 1000 });
  expect(answer).toMatchObject({ status: 401, body: 'the request is not signed\n' });
});
