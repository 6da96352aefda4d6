import { warning, type Effect } from './effect';

const beside = 'bring the new database up beside the old one, in another namespace or under another name';

const stay = (volumes: string): string => `volumes ${volumes} are not used, and stay`;

/** How the data of an old cluster of hash slots gets into the new one. */
export const moveCluster = (volumes: string): Effect =>
  warning(
    `${stay(volumes)}. To move their data, ${beside}, and copy the keys with a tool that reads a cluster, such as RedisShake, while clients write to the old one; then send clients to the new one`,
  );

/** An old database that copied another one: so does the new one. */
export const copyAgain = (volumes: string): Effect =>
  warning(`${stay(volumes)}; the new database copies everything from the one that "replicaOf" names`);

/** An old node that the new database copies. */
export interface OldNode {
  readonly host: string;
  /**
   * Its port.
   *
   * @default 6379
   */
  readonly port?: number;
}

/** How an old primary is reached. */
export interface OldPrimary extends OldNode {
  /** Secret with its password, under `password`; undefined where it asks nobody. */
  readonly secret: string | undefined;
  readonly encrypted: boolean;
}

/** How the data of an old primary gets into the new database: by replication. */
export function moveOne(volumes: string, { host, port, secret, encrypted }: OldPrimary): Effect {
  const auth = secret === undefined ? 'off' : { secret: { name: secret } };
  const block = JSON.stringify({ replicaOf: { host, port, auth, tls: encrypted ? 'on' : 'off' } });
  return warning(
    `${stay(volumes)}. To move their data, ${beside}, with ${block} in its spec; take that away when it has caught up, and send clients to the new one`,
  );
}

/** How the data of old nodes that all take writes gets into the new ones: as peers of one mesh. */
export function moveMesh(volumes: string, peers: readonly OldNode[]): Effect {
  const block = JSON.stringify({ peers });
  return warning(
    `${stay(volumes)}. To move their data, ${beside} and with the same password, with ${block} in its spec; take that away when all nodes have the data, and send clients to the new one`,
  );
}

/** Clients find the database under another name than before. */
export const renamedService = (before: string, now: string): Effect =>
  warning(`clients connect to Service ${now}, which takes the place of ${before}`);
