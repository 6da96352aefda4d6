import { cpSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type https from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectSecurely } from 'node:tls';

import { createCertificate } from '../../../sidecar/http/certificate';
import { exchange } from '../../../sidecar/http/exchange';
import { textReply, type Handler, type Routes } from '../../../sidecar/http/message';
import { probeRoutes, route } from '../../../sidecar/http/routes';
import { serve, type HttpServer } from '../../../sidecar/http/server';
import { makeAuthority, makeCertificate, temporaryFolder } from '../support/certificates';
import { createMemoryLog } from '../support/log';
import { until } from '../support/until';

const log = createMemoryLog();

let server: HttpServer;

const listen = async (handler: Handler, host?: string) =>
  (server = await serve({ port: 0, handler, log, ...(host === undefined ? {} : { host }) }));

const ask = (method: string, path: string, body?: string, host = '127.0.0.1') =>
  exchange({
    scheme: 'http',
    options: { host, port: server.port, method, path },
    ...(body === undefined ? {} : { body }),
    timeoutMs: 3000,
    maxBytes: 100_000,
  });

afterEach(() => server.close());

const echo: Routes = {
  'GET /path': ({ path }) => textReply(200, path),
  'POST /body': ({ body }) => ({ status: 200, body }),
  'GET /header': ({ header }) => textReply(200, `${header('x-one')}|${header('x-none')}`),
  'GET /fails': () => Promise.reject(new Error('out of luck')),
};

test('a request goes to the handler of its method and path, whatever its query', async () => {
  await listen(route(echo));
  expect(await ask('GET', '/path?a=b')).toMatchObject({ status: 200, body: '/path\n' });
  expect(await ask('POST', '/body', 'größer')).toMatchObject({ status: 200, body: 'größer' });
});

test('a handler gets the headers; one that is not there is empty', async () => {
  await listen(route(echo));
  const request = { scheme: 'http', headers: { 'X-One': '1' }, timeoutMs: 3000, maxBytes: 1000 } as const;
  const options = { host: '127.0.0.1', port: server.port, path: '/header' };
  expect((await exchange({ ...request, options })).body).toBe('1|\n');
});

test.each([
  ['GET', '/'],
  ['GET', '/pathology'],
  ['POST', '/path'],
  ['GET', '/constructor'],
])('%s %s is not found, and the answer says what is', async (method, path) => {
  await listen(route(echo));
  expect(await ask(method, path)).toMatchObject({
    status: 404,
    body: 'not found; there are: GET /path, POST /body, GET /header, GET /fails\n',
  });
});

test('a handler that fails is a 500 and a line in the log, and the server goes on', async () => {
  await listen(route(echo));
  expect(await ask('GET', '/fails')).toMatchObject({ status: 500 });
  expect(log.lines).toContain('warn: a request cannot be answered');
  expect(await ask('GET', '/path')).toMatchObject({ status: 200 });
});

test('a body that is too long is refused, and not read to its end', async () => {
  await listen(route(echo));
  expect(await ask('POST', '/body', 'x'.repeat(64 * 1024))).toMatchObject({ status: 200 });
  expect(await ask('POST', '/body', 'x'.repeat(64 * 1024 + 1))).toMatchObject({ status: 413 });
});

test('headers that are too long are refused', async () => {
  await listen(route(echo));
  const options = { host: '127.0.0.1', port: server.port, path: '/path' };
  const headers = { 'x-one': 'x'.repeat(9000) };
  const answer = await exchange({ scheme: 'http', options, headers, timeoutMs: 3000, maxBytes: 1000 });
  expect(answer.status).toBe(431);
});

test('what is no HTTP harms nobody', async () => {
  await listen(route(echo));
  const socket = connect(server.port, '127.0.0.1', () => socket.write('\x16\x03\x01 hello\r\n\r\n'));
  const heard = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
  expect(heard).toMatch(/^HTTP\/1.1 400/);
  expect(await ask('GET', '/path')).toMatchObject({ status: 200 });
});

test('answers on IPv4 and IPv6 unless told an address', async () => {
  await listen(route(echo));
  expect(await ask('GET', '/path', undefined, '127.0.0.1')).toMatchObject({ status: 200 });
  expect(await ask('GET', '/path', undefined, '::1')).toMatchObject({ status: 200 });
});

test('answers on the address it is told and no other', async () => {
  await listen(route(echo), '127.0.0.1');
  expect(await ask('GET', '/path')).toMatchObject({ status: 200 });
  await expect(ask('GET', '/path', undefined, '::1')).rejects.toThrow('ECONNREFUSED');
});

test('rejects where the port is taken', async () => {
  await listen(route(echo));
  await expect(serve({ port: server.port, handler: route(echo), log })).rejects.toThrow('EADDRINUSE');
});

test('ends at once, open connections or not', async () => {
  await listen(route(echo));
  const agent = new http.Agent({ keepAlive: true });
  await exchange({
    scheme: 'http',
    options: { host: '127.0.0.1', port: server.port, path: '/path', agent },
    timeoutMs: 3000,
    maxBytes: 1000,
  });
  await server.close();
  await expect(ask('GET', '/path')).rejects.toThrow('ECONNREFUSED');
  agent.destroy();
});

describe('probes', () => {
  test('the agent is alive as long as it looks at its node', async () => {
    let alive = true;
    await listen(route(probeRoutes({ alive: () => alive, readiness: () => ({ ready: true, reason: '' }) })));
    expect(await ask('GET', '/livez')).toMatchObject({ status: 200, body: 'alive\n' });
    alive = false;
    expect(await ask('GET', '/livez')).toMatchObject({ status: 503, body: 'the agent does not look at its node\n' });
  });

  test('the node is ready or not, and why', async () => {
    let readiness = { ready: false, reason: 'the server is loading its data' };
    await listen(route(probeRoutes({ alive: () => true, readiness: () => readiness })));
    expect(await ask('GET', '/readyz')).toMatchObject({ status: 503, body: 'the server is loading its data\n' });
    readiness = { ready: true, reason: 'ready' };
    expect(await ask('GET', '/readyz')).toMatchObject({ status: 200, body: 'ready\n' });
  });
});

describe('with TLS', () => {
  const authority = makeAuthority();
  const first = makeCertificate(authority, 'DNS:orders-0-0', 'IP:127.0.0.1');
  const mounted = temporaryFolder();
  const mount = (folder: string) => cpSync(folder, mounted, { recursive: true });
  const ca = readFileSync(join(first, 'ca.crt'));
  const certified: Routes = { 'GET /certified': (request) => textReply(200, String(request.certified)) };

  beforeEach(async () => {
    mount(first);
    server = await serve({ port: 0, handler: route(certified), log, certificate: createCertificate(mounted) });
  });

  const askSecurely = (tls: https.RequestOptions) =>
    exchange({
      scheme: 'https',
      options: { host: '127.0.0.1', port: server.port, path: '/certified', agent: false, ...tls },
      timeoutMs: 3000,
      maxBytes: 1000,
    }).then(({ body }) => body.trim());

  test('lets the kubelet in, which shows no certificate and checks none', async () => {
    expect(await askSecurely({ rejectUnauthorized: false })).toBe('false');
  });

  test('knows a client with a certificate of the same authority', async () => {
    const cert = readFileSync(join(first, 'tls.crt'));
    const key = readFileSync(join(first, 'tls.key'));
    expect(await askSecurely({ ca, cert, key })).toBe('true');
  });

  test('takes a certificate of another authority for none', async () => {
    const other = makeCertificate(makeAuthority(), 'DNS:orders-0-0');
    const cert = readFileSync(join(other, 'tls.crt'));
    const key = readFileSync(join(other, 'tls.key'));
    expect(await askSecurely({ ca, cert, key })).toBe('false');
  });

  test('speaks no protocol older than TLS 1.2', async () => {
    const old = { host: '127.0.0.1', port: server.port, rejectUnauthorized: false } as const;
    const socket = connectSecurely({ ...old, maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' });
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => socket.once('error', resolve));
    expect(error.message).toMatch(/protocol version|unsupported protocol/);
  });

  test('shows a new certificate soon after the files have changed, without a restart', async () => {
    const shown = () =>
      new Promise<string>((resolve, reject) => {
        const socket = connectSecurely({ host: '127.0.0.1', port: server.port, ca, servername: 'orders-0-0' }, () => {
          resolve(socket.getPeerCertificate().serialNumber);
          socket.destroy();
        });
        socket.once('error', reject);
      });
    const before = await shown();
    mount(makeCertificate(authority, 'DNS:orders-0-0', 'IP:127.0.0.1'));
    await until(shown, (serial) => serial !== before, 15_000);
  }, 20_000);
});
