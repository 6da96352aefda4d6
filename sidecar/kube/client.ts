import { Agent } from 'node:https';
import * as z from 'zod';

import { fieldManager } from '../../lib/contract/names';
import { exchange, type Answer } from '../http/exchange';
import { createMounted } from '../mounted';
import { ApiError } from './api-error';

/** Where the API server is, and how to prove who is asking. */
export interface ApiServer {
  readonly host: string;
  readonly port: number;
  /** PEM of the authority that signed the API server's certificate. */
  readonly authorityFile: string;
  /** Bearer token of the ServiceAccount. */
  readonly tokenFile: string;
}

/** The verbs the agent needs, each bounded in time and size. Paths are absolute: `/api/v1/namespaces/shop/pods/orders-0-1`. */
export interface KubeClient {
  get(path: string): Promise<unknown>;
  /** The object without its content: a `PartialObjectMetadata`. */
  metadata(path: string): Promise<unknown>;
  /** JSON merge patch. Names in it that are null are removed; `metadata.resourceVersion` makes it conditional. */
  patch(path: string, change: object): Promise<unknown>;
  /** Strategic merge patch: of a list of things with names, those that are named are changed and the others stay. */
  patchLists(path: string, change: object): Promise<unknown>;
  create(path: string, object: object): Promise<unknown>;
  /** @param options a `DeleteOptions`, such as its `preconditions` */
  delete(path: string, options?: object): Promise<unknown>;
  /** What is no object: the log of a container. */
  text(path: string): Promise<string>;
  /** Whether the API server has said last that it does not know who asks: the ServiceAccount is gone. */
  unknown(): boolean;
  /** Closes kept connections. */
  close(): void;
}

/** Of one call. */
const bounds = {
  /** An API server that takes longer is of no use to a loop that renews a lease. */
  timeoutMs: 3000,
  /** Largest object that is read: etcd itself holds none above 1.5 MiB. */
  maxBytes: 2 * 1024 * 1024,
} as const;

/** The API server and load balancers before it keep idle connections for minutes; ours are given up long before. */
const idleMs = 30_000;

/** Methods, and what the API takes a body for; GET has none. */
const kinds = {
  get: { method: 'GET', contentType: 'application/json' },
  metadata: { method: 'GET', contentType: 'application/json' },
  delete: { method: 'DELETE', contentType: 'application/json' },
  patch: { method: 'PATCH', contentType: 'application/merge-patch+json' },
  patchLists: { method: 'PATCH', contentType: 'application/strategic-merge-patch+json' },
  create: { method: 'POST', contentType: 'application/json' },
} as const;

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches */
const metadataOnly = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1, application/json';

/** The pod's own ServiceAccount, as every pod has it mounted. */
const mountedAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The API server of the cluster that this process runs in.
 *
 * @throws Error where the process does not run in a pod
 */
export function inClusterServer(env: Readonly<Record<string, string | undefined>>): ApiServer {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (!host || !port) {
    throw new Error(
      `KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set; the agent has to run in a Kubernetes pod`,
    );
  }
  return {
    host,
    port: Number(port),
    authorityFile: `${mountedAccount}/ca.crt`,
    tokenFile: `${mountedAccount}/token`,
  };
}

const managed = (path: string): string => `${path}?fieldManager=${fieldManager}`;

/** A client with one or two kept connections; token and authority are read again when their files change. */
export function createKubeClient(server: ApiServer): KubeClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 4, maxFreeSockets: 1, timeout: idleMs });
  let unknown = false;
  const credentials = createMounted([server.tokenFile, server.authorityFile], ([token, ca]) => ({
    token: token!.trim(),
    ca: ca!,
  }));

  async function ask(kind: keyof typeof kinds, path: string, content?: object): Promise<Answer> {
    const { method } = kinds[kind];
    const { token, ca } = await credentials();
    const answer = await exchange({
      scheme: 'https',
      options: { host: server.host, port: server.port, method, path, ca, agent },
      headers: headersOf(kind, token),
      ...(content ? { body: JSON.stringify(content) } : {}),
      ...bounds,
    });
    unknown = answer.status === 401;
    return answer;
  }

  /** An error that names what failed, whatever it was. */
  const attempt = async (kind: keyof typeof kinds, path: string, content?: object): Promise<Answer> => {
    const call = `${kinds[kind].method} ${path}`;
    const answer = await ask(kind, path, content).catch((error: unknown) => {
      throw new Error(`${call}: ${(error as Error).message}`, { cause: error });
    });
    if (answer.status < 200 || answer.status >= 300) throw refusal(call, answer);
    return answer;
  };
  const exchangeObjects = async (...[kind, path, content]: Parameters<typeof attempt>): Promise<unknown> => {
    const answer = await attempt(kind, path, content);
    const document = parse(answer.body);
    if (document === undefined) throw refusal(`${kinds[kind].method} ${path}`, answer);
    return document;
  };

  return {
    unknown: () => unknown,
    get: (path) => exchangeObjects('get', path),
    metadata: (path) => exchangeObjects('metadata', path),
    patch: (path, change) => exchangeObjects('patch', managed(path), change),
    patchLists: (path, change) => exchangeObjects('patchLists', managed(path), change),
    create: (path, object) => exchangeObjects('create', managed(path), object),
    delete: (path, options) => exchangeObjects('delete', path, options),
    text: async (path) => (await attempt('get', path)).body,
    close: () => agent.destroy(),
  };
}

const headersOf = (kind: keyof typeof kinds, token: string) => ({
  authorization: `Bearer ${token}`,
  accept: kind === 'metadata' ? metadataOnly : 'application/json, */*',
  'content-type': kinds[kind].contentType,
  'user-agent': fieldManager,
});

/** What the API server says of a call that failed: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
const statusSchema = z.object({ reason: z.string().optional(), message: z.string().optional() });

function refusal(call: string, { status, body }: Answer): ApiError {
  const { reason, message } = statusSchema.safeParse(parse(body)).data ?? {};
  return new ApiError(call, status, reason ?? 'Unknown', message ?? (body.slice(0, 200) || 'no message'));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
