import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as it came. */
export interface S3Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Length of its body. */
  readonly bytes: number;
}

/** A bucket `backups` in memory, and everything that was asked of it. */
export interface S3Server {
  readonly endpoint: string;
  readonly requests: readonly S3Request[];
  /** Names of the objects whose upload has been neither completed nor aborted. */
  readonly uploads: () => string[];
  readonly beginUpload: (key: string, at: Date) => string;
  readonly close: () => Promise<void>;
}

interface StoredUpload {
  readonly key: string;
  readonly at: Date;
  readonly parts: Map<number, Buffer>;
}

interface Reply {
  readonly status?: number;
  readonly body?: string | Buffer;
  readonly etag?: string;
}

/** So few objects are in one page of a list. */
const pageLength = 2;

const xml = (name: string, content: string): string => `<?xml version="1.0"?><${name}>${content}</${name}>`;
const tag = (name: string, content: string | number): string => `<${name}>${content}</${name}>`;

/** Starts it on a port of its own. */
export async function startS3Server(): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  const uploads = new Map<string, StoredUpload>();
  const requests: S3Request[] = [];
  let number = 0;

  const beginUpload = (key: string, at: Date): string => {
    const id = `upload-${++number}`;
    uploads.set(id, { key, at, parts: new Map() });
    return id;
  };

  function list(query: URLSearchParams): Reply {
    const prefix = query.get('prefix') ?? '';
    const after = query.get('continuation-token') ?? '';
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, pageLength);
    const more = keys.length > page.length ? tag('NextContinuationToken', page.at(-1)!) : '';
    const contents = page.map((key) =>
      tag(
        'Contents',
        tag('Key', key) + tag('Size', objects.get(key)!.length) + tag('LastModified', '2026-11-21T03:00:00Z'),
      ),
    );
    return { body: xml('ListBucketResult', contents.join('') + tag('IsTruncated', `${more !== ''}`) + more) };
  }

  function listUploads(query: URLSearchParams): Reply {
    const found = [...uploads].filter(([, { key }]) => key.startsWith(query.get('prefix') ?? ''));
    const lines = found.map(([id, { key, at }]) =>
      tag('Upload', tag('Key', key) + tag('UploadId', id) + tag('Initiated', at.toISOString())),
    );
    return { body: xml('ListMultipartUploadsResult', lines.join('')) };
  }

  function complete(id: string): Reply {
    const { key, parts } = uploads.get(id)!;
    uploads.delete(id);
    const sorted = [...parts].sort(([a], [b]) => a - b).map(([, part]) => part);
    objects.set(key, Buffer.concat(sorted));
    return { body: xml('CompleteMultipartUploadResult', tag('Key', key)) };
  }

  function put(key: string, query: URLSearchParams, body: Buffer): Reply {
    const id = query.get('uploadId');
    if (id === null) objects.set(key, body);
    else uploads.get(id)?.parts.set(Number(query.get('partNumber')), body);
    return { etag: `"${body.length}"` };
  }

  function answer(method: string, key: string, query: URLSearchParams, body: Buffer): Reply {
    const id = query.get('uploadId');
    if (method === 'GET' && query.has('list-type')) return list(query);
    if (method === 'GET' && query.has('uploads')) return listUploads(query);
    if (method === 'POST' && query.has('uploads'))
      return { body: xml('InitiateMultipartUploadResult', tag('UploadId', beginUpload(key, new Date()))) };
    if (method === 'POST' && id !== null) return complete(id);
    if (method === 'PUT') return put(key, query, body);
    if (method === 'DELETE')
      return id === null ? (objects.delete(key), { status: 204 }) : (uploads.delete(id), { status: 204 });
    const found = objects.get(key);
    if (found) return { body: found };
    return {
      status: 404,
      body: xml('Error', tag('Code', 'NoSuchKey') + tag('Message', 'The specified key does not exist.')),
    };
  }

  const handle = async (message: IncomingMessage): Promise<Reply> => {
    const { method = '', url = '', headers } = message;
    const { pathname, searchParams: query } = new URL(url, 'http://localhost');
    const body = await buffer(message);
    const path = decodeURIComponent(pathname);
    requests.push({ method, path, query, headers, bytes: body.length });
    return answer(method, path.replace(/^\/backups\/?/, ''), query, body);
  };

  const server = createServer((message, response) => {
    void handle(message).then(({ status = 200, body = '', etag }) => {
      response.writeHead(status, {
        ...(etag === undefined ? {} : { etag }),
        'content-length': Buffer.byteLength(body),
      });
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    uploads: () => [...uploads.values()].map(({ key }) => key),
    beginUpload,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
