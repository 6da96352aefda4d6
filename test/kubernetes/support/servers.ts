import { parseClusterNodes } from '../../../sidecar/server/cluster-nodes';
import { parseFields } from '../../../sidecar/server/info';
import type { TableEntry } from '../../../sidecar/view';
import type { Namespace } from './namespace';

/** What one server says of itself and the others, asked by the engine's own command line from another pod. */
export interface ServerFacts {
  /** `CLUSTER INFO`. */
  readonly info: ReadonlyMap<string, string>;
  /** `CLUSTER NODES`. */
  readonly table: readonly TableEntry[];
  /** `INFO replication`. */
  readonly replication: ReadonlyMap<string, string>;
}

const questions = ['cluster info', 'cluster nodes', 'info replication'] as const;

/** Stands between two answers. */
const divider = '======';

/**
 * Asks every server at these addresses.
 *
 * @param pod with the engine's command line in it, and the password in its environment
 * @returns one a server, undefined where it does not answer
 */
export async function askServers(
  namespace: Namespace,
  pod: string,
  ips: readonly string[],
): Promise<readonly (ServerFacts | undefined)[]> {
  const ask = (ip: string) =>
    questions.map((question) => `timeout 3 valkey-cli -h ${ip} ${question}; echo ${divider}`).join('; ');
  const script = ips.map(ask).join('; ');
  const output = await namespace.kubectl(['exec', pod, '--', 'sh', '-c', script]);
  const answers = output.replace(/\r/g, '').split(`${divider}\n`);
  return ips.map((_, index) => {
    const [info = '', nodes = '', replication = ''] = answers.slice(index * questions.length);
    const table = parseClusterNodes(nodes).filter(({ id }) => /^[\da-f]{40}$/.test(id));
    if (table.length === 0) return undefined;
    return { info: fields(info), table, replication: fields(replication) };
  });
}

const fields = (text: string): ReadonlyMap<string, string> => parseFields(text.replace(/\n/g, '\r\n'));
