import { mkdirSync, watch } from 'node:fs';

import type { AgentConfig } from '../lib/contract/agent-config';
import { paths } from '../lib/contract/names';
import { createPasswords } from './accounts/passwords';
import { signInOf } from './accounts/sign-in';
import { clockOf, systemClock } from './clock';
import { openConfig, type ConfigSource } from './config-source';
import type {
  AddressBook,
  Clock,
  Gate,
  Identity,
  Log,
  NodeHome,
  Peers,
  Platform,
  Sentinels,
  Servers,
  SlotServers,
} from './edges';
import { createCertificate, type Certificate } from './http/certificate';
import { createNodeHome } from './home/node-home';
import { locate } from './home/paths';
import { createAddressBook } from './kube/address-book';
import { createKubeClient, inClusterServer } from './kube/client';
import { readIdentity } from './kube/identity';
import { createKubePlatform } from './kube/platform';
import { createLocalAddressBook } from './local/address-book';
import { createLocalPlatform } from './local/platform';
import { createLog } from './log';
import { atService, ownNode, portsOf } from './own-node';
import { createPeers } from './peer/client';
import { replicationUserOf } from './replication-user';
import { createKeys, type Keys } from './peer/key';
import { createSentinels } from './server/sentinels';
import { createServers } from './server/server';
import { createGate } from './source/gate';
import { bring } from './restore/bring';
import type { Bring } from './restore/restorer';
import { createSlotServers } from './server/slot-server';
import type { Address } from './view';

/** The real edges of an agent, in a pod or on one machine. */
export interface Wiring {
  readonly clock: Clock;
  readonly identity: Identity;
  readonly config: ConfigSource;
  readonly log: Log;
  readonly book: AddressBook;
  readonly servers: Servers;
  readonly sentinels: Sentinels;
  readonly slotServers: SlotServers;
  readonly gate: Gate;
  readonly bring: Bring;
  readonly peers: Peers;
  readonly home: NodeHome;
  readonly platform: Platform;
  readonly keys: Keys;
  /** Where the agents speak HTTPS. */
  readonly certificate?: () => Promise<Certificate>;
  readonly ownAddress: () => Promise<Address>;
  readonly onDisturbance: (listener: () => void) => void;
  /** Closes every connection. */
  readonly close: () => void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Puts the real edges together. Rejects with what is missing or not understood. */
export async function wire(env: Environment): Promise<Wiring> {
  const root = env.KEYSPACE_HOME ?? '';
  const identity = readIdentity(env);
  const config = await openConfig(root);
  const { database } = config.current();
  const log = createLog({ database, node: identity.node });
  const clock = clockOf(config.current());
  const passwords = createPasswords(config.current, root, clock);
  const keys = createKeys(config.current(), passwords);
  const encryption = config.current().tls === 'off' ? {} : { certificate: createCertificate(locate(root, paths.tls)) };
  const { book, platform, ownAddress } = env.KEYSPACE_LOCAL
    ? onOneMachine(env.KEYSPACE_LOCAL, identity, config.current)
    : inCluster(env, identity, config.current, log);
  const servers = createServers(config.current, root, passwords, identity.node);
  const sentinels = createSentinels(config.current, root, passwords);
  const announced = async () => book.locate(atService(ownNode(config.current(), identity.node).node));
  const slotServers = createSlotServers(config.current, root, passwords);
  const peers = createPeers({ keys, ...encryption, log });
  const signIns = async () => signInsOf(config.current(), identity.node, (await passwords())?.inTurn);
  const gate = createGate({ config: config.current, home: root, log, passwords: signIns, ...encryption });
  return {
    clock,
    identity,
    config,
    log,
    book,
    platform,
    ownAddress,
    keys,
    ...encryption,
    servers,
    sentinels,
    slotServers,
    gate,
    bring: (order, note, signal) => bring({ config: config.current(), home: root, note, signal }, order),
    peers,
    home: createNodeHome(root, { identity, ownAddress, announced, config: config.current, passwords }),
    onDisturbance: watchFolder(locate(root, paths.run)),
    close() {
      servers.close();
      sentinels.close();
      slotServers.close();
      peers.close();
      gate.close();
    },
  };
}

/** What the own server may say as its password where it copies. */
const signInsOf = (
  config: AgentConfig,
  node: string,
  inTurn: readonly (string | undefined)[] = [undefined],
): string[] => inTurn.map((password) => signInOf(config, replicationUserOf(node, config), password).password);

/** What it takes to look at the servers of a database from outside their pods, with no right to anything else. */
export interface Visitor {
  readonly config: () => AgentConfig;
  /** Folder of the agent's files, see {@link locate}. */
  readonly home: string;
  readonly log: Log;
  readonly book: AddressBook;
  readonly servers: Servers;
  readonly sentinels: Sentinels;
  /** Closes every connection. */
  readonly close: () => void;
}

/** Puts the edges of a job together, in a pod or on one machine. Rejects with what is missing or not understood. */
export async function wireVisitor(env: Environment): Promise<Visitor> {
  const home = env.KEYSPACE_HOME ?? '';
  const { current: config } = await openConfig(home);
  const log = createLog({ database: config().database, node: env.POD_NAME ?? '' });
  const root = env.KEYSPACE_LOCAL;
  const book = root ? createLocalAddressBook({ root }) : createAddressBook({ config, clock: systemClock });
  const passwords = createPasswords(config, home, systemClock);
  const servers = createServers(config, home, passwords);
  const sentinels = createSentinels(config, home, passwords);
  const close = (): void => [servers, sentinels].forEach((all) => all.close());
  return { config, home, log, book, servers, sentinels, close };
}

type Places = Pick<Wiring, 'book' | 'platform' | 'ownAddress'>;

function inCluster(env: Environment, identity: Identity, config: () => AgentConfig, log: Log): Places {
  const { database, namespace } = config();
  const client = createKubeClient(inClusterServer(env));
  return {
    book: createAddressBook({ config, clock: systemClock }),
    platform: createKubePlatform({ client, log, namespace, database, node: identity.node }),
    ownAddress: () => Promise.resolve({ ip: identity.ip, ...portsOf(config(), identity.node) }),
  };
}

function onOneMachine(root: string, identity: Identity, config: () => AgentConfig): Places {
  const book = createLocalAddressBook({ root });
  return {
    book,
    platform: createLocalPlatform({ root, database: config().database }),
    async ownAddress() {
      const address = await book.locate({ name: identity.node, host: '' });
      if (!address) throw new Error(`no address of "${identity.node}" below ${root}`);
      return address;
    },
  };
}

/** Calls back when a file has come or gone; a file that is touched is the agent's own doing. */
const watchFolder = (folder: string) => (listener: () => void) => {
  mkdirSync(folder, { recursive: true });
  watch(folder, { persistent: false }, (event) => (event === 'rename' ? listener() : undefined));
};
