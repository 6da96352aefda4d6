import { readFileSync } from 'node:fs';
import Redis, { type RedisOptions } from 'ioredis';

import type { AgentConfig, NodeConfig } from '../../lib/contract/agent-config';
import { paths, tlsFiles } from '../../lib/contract/names';
import { derivePassword } from '../accounts/derived-password';
import type { Passwords } from '../accounts/passwords';
import { locate } from '../home/paths';
import type { Address } from '../view';

/** Bound of opening a connection, and unless told otherwise of every command on it: nearly all of ours answer at once. Milliseconds. */
export const boundMs = 1000;

/** The server that is meant, where it is, and how long it may take for a command, in milliseconds. */
export interface Target {
  readonly node: NodeConfig;
  readonly at: Address;
  readonly commandMs?: number;
}

/** As whom the agent signs in, and with what; nothing where auth is off. */
export type Credentials = Pick<RedisOptions, 'username' | 'password'>;

/**
 * A connection to one server, not opened yet. Certificates are read from their mounted files each time, so that a new
 * connection always has the newest.
 *
 * Every option is set: the library's defaults (an offline queue, 20 retries, no bound on commands) would let a control
 * loop act on answers from the past.
 */
export function connection(config: AgentConfig, home: string, target: Target, credentials: Credentials): Redis {
  const { node, at, commandMs = boundMs } = target;
  const options: RedisOptions = {
    host: at.ip,
    port: at.client,
    family: 0,
    protocol: 2,
    ...credentials,
    ...encryption(config, home, node),
    connectionName: 'keyspace-agent',
    disableClientInfo: true,
    lazyConnect: true,
    connectTimeout: boundMs,
    commandTimeout: commandMs,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    reconnectOnError: null,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: false,
    keepAlive: 1000,
    noDelay: true,
  };
  return new Redis(options);
}

/** What the agent may say to be let in, in the order in which it is tried. */
export async function credentialsInTurn(config: AgentConfig, passwords: Passwords): Promise<readonly Credentials[]> {
  const { auth } = config;
  const { inTurn } = (await passwords()) ?? { inTurn: [] };
  if (auth === 'off' || inTurn.length === 0) return [{}];
  const username = auth.agent.user;
  return inTurn.map((password) => ({ username, password: derivePassword(config, 'agent', password) }));
}

/** The certificate is checked against the node's host name, because the connection goes to an address. */
export function encryption(config: AgentConfig, home: string, node: NodeConfig): Pick<RedisOptions, 'tls'> {
  if (config.tls === 'off') return {};
  const file = (name: string) => readFileSync(locate(home, `${paths.tls}/${name}`));
  const { certificate, key, authority } = tlsFiles;
  return { tls: { ca: file(authority), cert: file(certificate), key: file(key), servername: node.host } };
}
