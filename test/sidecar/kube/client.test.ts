import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { createKubeClient, inClusterServer, type KubeClient } from '../../../sidecar/kube/client';
import { makeAuthority, makeCertificate, temporaryFolder } from '../support/certificates';
import { until } from '../support/until';

const authority = makeAuthority();
const certificate = makeCertificate(authority, 'IP:127.0.0.1', 'IP:::1');
const folder = temporaryFolder();
const tokenFile = join(folder, 'token');

interface Seen {
  readonly method?: string;
  readonly url?: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly port?: number;
}

let server: Server;
let client: KubeClient;
let seen: Seen[];
let respond: (response: ServerResponse) => void;

const reply = (status: number, body: unknown) => (response: ServerResponse) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const failure = (status: number, reason: string, message: string) =>
  reply(status, { kind: 'Status', status: 'Failure', code: status, reason, message });

async function listen(host: string): Promise<number> {
  const files = {
    cert: readFileSync(join(certificate, 'tls.crt')),
    key: readFileSync(join(certificate, 'tls.key')),
  };
  server = createServer(files, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers, socket } = request;
      const body = Buffer.concat(chunks).toString();
      seen.push({ method, url, headers, body, port: socket.remotePort });
      respond(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as AddressInfo).port;
}

const clientOf = (port: number, host = '127.0.0.1', trusted = authority) =>
  createKubeClient({ host, port, tokenFile, authorityFile: join(trusted, 'ca.crt') });

beforeEach(async () => {
  writeFileSync(tokenFile, 'first-token\n');
  seen = [];
  respond = reply(200, { kind: 'Lease' });
  client = clientOf(await listen('127.0.0.1'));
});

afterEach(() => {
  client.close();
  server.close();
  server.closeAllConnections();
});

test('reads an object as the ServiceAccount whose token is mounted', async () => {
  expect(await client.get('/api/v1/namespaces/shop/pods/orders-0-0')).toEqual({ kind: 'Lease' });
  expect(seen[0]).toMatchObject({
    method: 'GET',
    url: '/api/v1/namespaces/shop/pods/orders-0-0',
    headers: { authorization: 'Bearer first-token', 'user-agent': 'keyspace' },
    body: '',
  });
});

test('changes an object by merge patch, in its own name', async () => {
  await client.patch('/api/v1/x', { metadata: { labels: { role: 'primary' } } });
  expect(seen[0]).toMatchObject({
    method: 'PATCH',
    url: '/api/v1/x?fieldManager=keyspace',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: '{"metadata":{"labels":{"role":"primary"}}}',
  });
});

test('creates an object, in its own name', async () => {
  await client.create('/api/v1/x', { kind: 'Event', message: 'größer' });
  expect(seen[0]).toMatchObject({ method: 'POST', url: '/api/v1/x?fieldManager=keyspace' });
  expect(JSON.parse(seen[0]!.body)).toEqual({ kind: 'Event', message: 'größer' });
});

test.each([
  [401, 'Unauthorized', 'Unauthorized'],
  [403, 'Forbidden', 'leases "orders-coordinator" is forbidden'],
  [404, 'NotFound', 'pods "orders-0-0" not found'],
  [409, 'Conflict', 'the object has been modified'],
])('rejects with the status %i and what the API says of it', async (status, reason, message) => {
  respond = failure(status, reason, message);
  await expect(client.get('/api/v1/x')).rejects.toMatchObject({
    name: 'ApiError',
    status,
    reason,
    message: `GET /api/v1/x: ${status} ${reason}: ${message}`,
  });
});

test('rejects an answer that is not JSON, with its beginning', async () => {
  respond = (response) => response.writeHead(502).end('bad gateway');
  await expect(client.get('/x')).rejects.toThrow('GET /x: 502 Unknown: bad gateway');
});

test('uses a new token as soon as the file is another', async () => {
  await client.get('/x');
  writeFileSync(`${tokenFile}.new`, 'second-token');
  renameSync(`${tokenFile}.new`, tokenFile);
  await until(
    () => client.get('/x').then(() => seen.at(-1)!.headers.authorization),
    (authorization) => authorization === 'Bearer second-token',
  );
});

test('keeps its connection from call to call', async () => {
  for (let call = 0; call < 5; call++) await client.get('/x');
  expect(new Set(seen.map(({ port }) => port)).size).toBe(1);
});

test('asks again over a new connection where the server cuts the kept one', async () => {
  await client.get('/x');
  const answer = respond;
  respond = (response) => {
    respond = answer;
    response.destroy();
  };
  await expect(client.get('/x')).resolves.toEqual({ kind: 'Lease' });
  expect(seen).toHaveLength(3);
});

test('does not ask again where a new connection is cut', async () => {
  respond = (response) => response.destroy();
  await expect(client.get('/x')).rejects.toThrow('GET /x: socket hang up');
  expect(seen).toHaveLength(1);
});

test('refuses a server whose certificate another authority signed, and does not show it the token', async () => {
  const stranger = clientOf((server.address() as AddressInfo).port, '127.0.0.1', makeAuthority());
  await expect(stranger.get('/x')).rejects.toThrow('GET /x: ');
  expect(seen).toEqual([]);
  stranger.close();
});

test('reaches an API server at an IPv6 address', async () => {
  server.close();
  server.closeAllConnections();
  const sixth = clientOf(await listen('::1'), '::1');
  await expect(sixth.get('/x')).resolves.toEqual({ kind: 'Lease' });
  expect(seen[0]!.headers.host).toMatch(/^\[::1\]:\d+$/);
  sixth.close();
});

test('gives up a call that is not answered within three seconds', async () => {
  respond = () => undefined;
  await expect(client.get('/x')).rejects.toThrow('GET /x: no answer within 3000 ms');
});

test('gives up an answer that begins and never ends', async () => {
  respond = (response) => void response.writeHead(200).write('{');
  await expect(client.get('/x')).rejects.toThrow('GET /x: no answer within 3000 ms');
});

test('refuses an answer that is larger than any object can be', async () => {
  respond = (response) => response.end('x'.repeat(2 * 1024 * 1024 + 1));
  await expect(client.get('/x')).rejects.toThrow('GET /x: answer is longer than 2097152 bytes');
});

test('finds the API server and the mounted account of a pod', () => {
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
  expect(inClusterServer(env)).toEqual({
    host: 'fd00::1',
    port: 443,
    authorityFile: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
    tokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token',
  });
});

test('says what is missing outside of a cluster', () => {
  expect(() => inClusterServer({})).toThrow(
    'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set; the agent has to run in a Kubernetes pod',
  );
});
