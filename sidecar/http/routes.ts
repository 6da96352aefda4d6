import { textReply, type Handler, type Routes } from './message';

/** One handler of many. */
export function route(routes: Routes): Handler {
  const known = new Map(Object.entries(routes));
  return (request) => {
    const handler = known.get(`${request.method} ${request.path}`);
    return handler ? handler(request) : textReply(404, `not found; there are: ${[...known.keys()].join(', ')}`);
  };
}

/** What the kubelet asks of the agent. */
export interface Probes {
  /** The agent's own loop goes round. */
  readonly alive: () => boolean;
  /** Clients may be sent to the node. */
  readonly readiness: () => { readonly ready: boolean; readonly reason: string };
}

/** `/livez` and `/readyz`: 200 for yes, 503 for no, and why. */
export const probeRoutes = ({ alive, readiness }: Probes): Routes => ({
  'GET /livez': () => (alive() ? textReply(200, 'alive') : textReply(503, 'the agent does not look at its node')),
  'GET /readyz': () => {
    const { ready, reason } = readiness();
    return textReply(ready ? 200 : 503, reason);
  },
});

/** What Prometheus scrapes. */
export interface Scraped {
  readonly contentType: string;
  render(): Promise<string>;
}

/** `/metrics`: Prometheus' text format. */
export const metricsRoutes = (metrics: Scraped): Routes => ({
  'GET /metrics': async () => ({
    status: 200,
    body: await metrics.render(),
    headers: { 'content-type': metrics.contentType },
  }),
});
