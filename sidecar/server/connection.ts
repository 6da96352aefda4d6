import { readFileSync } from 'node:fs';
import Redis, { type RedisOptions } from 'ioredis';

import type { AgentConfig, NodeConfig } from '../../lib/contract/agent-config';
import { paths, tlsFiles } from '../../lib/contract/names';
import { locate } from '../home/paths';
import type { Address } from '../view';

/** Bound of opening a connection, and unless told otherwise of every command on it: nearly all of ours answer at once. Milliseconds. */
const boundMs = 1000;

/** Where a server is, and how long it may take for a command. */
interface BoundAddress extends Address {
  readonly commandMs?: number;
}

/**
 * A connection to one server, not opened yet. Credentials and certificates are read from their mounted files each time,
 * so that a new connection always has the newest.
 *
 * Every option is set: the library's defaults (an offline queue, 20 retries, no bound on commands) would let a control
 * loop act on answers from the past.
 */
export function connection(config: AgentConfig, home: string, node: NodeConfig, at: BoundAddress): Redis {
  const options: RedisOptions = {
    host: at.ip,
    port: at.client,
    family: 0,
    protocol: 2,
    ...credentials(config, home),
    ...encryption(config, home, node),
    connectionName: 'keyspace-agent',
    disableClientInfo: true,
    lazyConnect: true,
    connectTimeout: boundMs,
    commandTimeout: at.commandMs ?? boundMs,
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

function credentials(config: AgentConfig, home: string): Pick<RedisOptions, 'username' | 'password'> {
  if (config.auth === 'off') return {};
  const { user, passwordFile } = config.auth.agent;
  const password = readFileSync(locate(home, passwordFile), 'utf8');
  // The user `default` is named by its password alone, which servers without that user's name understand too.
  return user === 'default' ? { password } : { username: user, password };
}

/** The certificate is checked against the node's host name, because the connection goes to an address. */
function encryption(config: AgentConfig, home: string, node: NodeConfig): Pick<RedisOptions, 'tls'> {
  if (config.tls === 'off') return {};
  const file = (name: string) => readFileSync(locate(home, `${paths.tls}/${name}`));
  const { certificate, key, authority } = tlsFiles;
  return { tls: { ca: file(authority), cert: file(certificate), key: file(key), servername: node.host } };
}
