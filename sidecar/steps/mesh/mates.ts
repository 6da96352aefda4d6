import type { Address, AgentReport, DatabaseView, LinkView, NodeView, ServerUp } from '../../view';

/** A node of the mesh whose server answers, has read its files, and is vouched for by its own agent: the only kind that is linked to. */
export interface Mate {
  readonly name: string;
  readonly address: Address;
  readonly server: ServerUp;
  readonly agent: AgentReport;
  readonly ending: boolean;
}

/** The mates, in the order of the configuration. At an address that has changed hands answers an agent of another name, or none. */
export const mates = (view: DatabaseView): Mate[] => view.nodes.flatMap((node) => toMate(node) ?? []);

function toMate({ name, address, server, agent, ending }: NodeView): Mate | undefined {
  if (server.state !== 'up' || server.loading || !address || !agent) return undefined;
  return { name, address, server, agent, ending };
}

/** Has what the others had when it started, and stays. */
export const serves = ({ agent, ending }: Mate): boolean => agent.serving === true && !ending;

/** `HOST:PORT` of an address, a link or a peer. */
export const placeOf = (at: Address | { readonly host: string; readonly port: number }): string =>
  'ip' in at ? `${at.ip}:${at.client}` : `${at.host}:${at.port}`;

/** The link by which a server receives what is written at that place. */
export const linkTo = (server: ServerUp, at: Parameters<typeof placeOf>[0]): LinkView | undefined =>
  (server.links ?? []).find((link) => placeOf(link) === placeOf(at));

/** The first copy has arrived at some time since the server started, whether the link is up now or not. */
export const hasCopied = (link: LinkView | undefined): boolean =>
  link !== undefined && (link.up || link.downSeconds !== undefined);
