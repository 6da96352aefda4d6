import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';

import type { Log } from '../edges';
import type { Certificate } from './certificate';
import { textReply, type Handler, type Reply, type Request } from './message';

/** Where to listen, and what to say. */
export interface ServerOptions {
  readonly port: number;
  /** @default - every address of the machine, IPv6 and IPv4 */
  readonly host?: string;
  /** HTTPS where there is one. Clients are asked for theirs, and not turned away without: the kubelet has none. */
  readonly certificate?: () => Promise<Certificate>;
  readonly handler: Handler;
  readonly log: Log;
}

/** A server that listens. */
export interface HttpServer {
  /** The one asked for, or the one found where 0 was asked for. */
  readonly port: number;
  /** Stops at once; open connections are cut. */
  close(): Promise<void>;
}

/** Longest request body: a report of a node with thousands of slot ranges is well below. */
const maxBodyBytes = 64 * 1024;

/** Everything that could grow or hang has an end. A kept connection lives longer here than at the clients, so that they close it first. */
const bounds = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  connectionsCheckingInterval: 15_000,
  keepAliveTimeout: 30_000,
} as const;

/** Connections beyond these are closed unheard. Every other agent of a database may keep one. */
const maxConnections = 1024;

/** Starts to listen. Rejects where it cannot: the port is taken, the certificate cannot be read. */
export async function serve(options: ServerOptions): Promise<HttpServer> {
  const server = await createServer(options);
  server.maxConnections = maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  server.on('error', (error) => options.log.warn({ error }, 'the HTTP server has a problem'));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function createServer({ certificate, handler, log }: ServerOptions): Promise<http.Server | https.Server> {
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    answer(incoming, handler)
      .catch((error: unknown) => {
        // A sender that gives up half-way is nothing to worry about.
        log[incoming.complete ? 'warn' : 'debug']({ error, path: incoming.url }, 'a request cannot be answered');
        return textReply(500, 'the agent failed to answer; its log says why');
      })
      .then((reply) => send(outgoing, reply))
      .catch(() => outgoing.destroy());
  };
  if (!certificate) return http.createServer(bounds, listener);
  let current = await certificate();
  const clients = { requestCert: true, rejectUnauthorized: false };
  const server = https.createServer({ ...bounds, ...clients, ...current.files }, listener);
  const refresh = async (): Promise<void> => {
    const newest = await certificate();
    if (newest !== current) server.setSecureContext(newest.files);
    current = newest;
  };
  // The connection at hand may still be shown the old one, the next is not; no timer is needed for it.
  return server.on('connection', () => void refresh().catch(() => undefined));
}

async function answer(incoming: IncomingMessage, handler: Handler): Promise<Reply> {
  const body = await readBody(incoming);
  if (body === undefined) return textReply(413, `the body is too long; at most ${maxBodyBytes} bytes are read`);
  const request: Request = {
    method: incoming.method!,
    path: incoming.url!.split('?', 1)[0]!,
    header: (name) => [incoming.headers[name]].flat()[0] ?? '',
    body,
    certified: incoming.socket instanceof TLSSocket && incoming.socket.authorized,
  };
  return handler(request);
}

/** undefined where it is too long. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  // A request that is broken off here must still get its answer.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(outgoing: ServerResponse, { status, body, headers }: Reply): void {
  const close = status === 413 ? { connection: 'close' } : {};
  // Nobody asks for the date, and Node.js wakes once more to keep it right.
  outgoing.sendDate = false;
  outgoing.writeHead(status, { ...headers, ...close, 'content-length': Buffer.byteLength(body) });
  outgoing.end(body);
}
