import type { Server } from '../edges';
import type { LinkView, ServerUp } from '../view';
import { parseFields } from './info';

/**
 * What `INFO` says of a node of a mesh.
 *
 * KeyDB says `loading` while it reads its own files and while it takes in another node's first copy. During the latter it goes on
 * serving, and it has links then, which a server that has just started has not.
 */
export function parseMesh(
  { loading }: Pick<ServerUp, 'loading'>,
  info: string,
): Pick<ServerUp, 'loading' | 'links' | 'refusesWrites' | 'rewritesLog'> {
  const links = parseLinks(info);
  const fields = parseFields(info);
  const is = (field: string) => fields.get(field) === '1';
  return {
    loading: loading && links.length === 0,
    links,
    refusesWrites: is('slave_read_only'),
    rewritesLog: is('aof_rewrite_in_progress') || is('aof_rewrite_scheduled'),
  };
}

/**
 * The lines of each `REPLICAOF`, which begin with `master_host`, `master_1_host`, ... Offsets stand among them without a number.
 *
 * Source: https://github.com/Snapchat/KeyDB/blob/v6.3.4/src/server.cpp (genRedisInfoString)
 */
function parseLinks(info: string): LinkView[] {
  const lines = info.split('\r\n');
  const starts = lines.flatMap((line, index) => (/^master(_\d+)?_host:/.test(line) ? [index] : []));
  return starts.map((start, index) => parseLink(lines.slice(start, starts[index + 1])));
}

function parseLink(lines: readonly string[]): LinkView {
  const entries = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).replace(/^master_\d+_/, 'master_'), line.slice(colon + 1)];
  });
  // What follows the last link's lines are facts of the server as a whole, under names of their own.
  const fields = new Map(entries);
  const downSeconds = Number(fields.get('master_link_down_since_seconds') ?? -1);
  return {
    host: fields.get('master_host') ?? '',
    port: Number(fields.get('master_port')),
    up: fields.get('master_link_status') === 'up',
    copying: fields.get('master_sync_in_progress') === '1',
    offset: Number(fields.get('slave_repl_offset') ?? 0),
    ...(downSeconds >= 0 ? { downSeconds } : {}),
  };
}

/** Sends one command, whose answer says no more than that it was done. */
export type Send = (...command: [string, ...(string | number)[]]) => Promise<void>;

/** What a server of a mesh is told. */
export const meshCommands = (send: Send): Pick<Server, 'link' | 'unlink' | 'refuseWrites'> => ({
  link: (host, port) => send('REPLICAOF', host, port),
  async unlink(host, port) {
    await send('REPLICAOF', 'REMOVE', host, port).catch((error: unknown) => {
      if (!(error as Error).message.includes('Master not found')) throw error;
    });
  },
  // Not CLIENT PAUSE: a node of a mesh that receives a write meanwhile fails an assertion (KeyDB 6.3.4, propagate in server.cpp).
  refuseWrites: () => send('CONFIG', 'SET', 'replica-read-only', 'yes'),
});
