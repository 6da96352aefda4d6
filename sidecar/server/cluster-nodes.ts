import type { Role, SlotRange, TableEntry } from '../view';

/**
 * Parses the reply of `CLUSTER NODES`; the file `nodes.conf` has the same lines and a last one that begins with `vars`.
 *
 * @param nowMs the server's own clock, by which it writes when it sent a ping and had an answer
 *
 * Source: https://valkey.io/commands/cluster-nodes/
 */
export function parseClusterNodes(text: string, nowMs?: number): TableEntry[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('vars '))
    .map((line) => parseLine(line, nowMs));
}

function parseLine(line: string, nowMs: number | undefined): TableEntry {
  const [id = '', place = '', flagText = '', primary = '-', ping, pong, epoch = '0', link = '', ...slotTexts] =
    line.split(' ');
  const flags = new Set(flagText.split(','));
  return {
    id,
    ...parsePlace(place),
    myself: flags.has('myself'),
    role: roleOf(flags),
    health: flags.has('fail') ? 'failed' : flags.has('fail?') ? 'suspected' : 'ok',
    handshake: flags.has('handshake'),
    connected: link === 'connected',
    ...(nowMs === undefined ? {} : agesOf(Number(ping), Number(pong), nowMs)),
    ...(primary === '-' ? {} : { primaryId: primary }),
    configEpoch: Number(epoch),
    slots: slotTexts.filter((text) => !text.startsWith('[')).map(parseRange),
    openSlots: slotTexts.filter((text) => text.startsWith('[')).map(parseOpenSlot),
  };
}

/** Of a ping that is under way and the last answer; a moment that is 0 has not been. */
const agesOf = (ping: number, pong: number, nowMs: number): Pick<TableEntry, 'lastPongMs' | 'unansweredMs'> => ({
  ...(pong > 0 ? { lastPongMs: Math.max(0, nowMs - pong) } : {}),
  unansweredMs: ping > 0 ? Math.max(0, nowMs - ping) : 0,
});

/** The wire says `slave` and `master`. */
const roleOf = (flags: ReadonlySet<string>): Role => (flags.has('slave') ? 'replica' : 'primary');

/** `ip:port@busport[,hostname[,key=value]...]`; an IPv6 address has colons of its own. */
function parsePlace(place: string): Pick<TableEntry, 'ip' | 'client' | 'bus' | 'hostname'> {
  const [address = '', hostname = ''] = place.split(',');
  const at = address.lastIndexOf('@');
  const endpoint = at < 0 ? address : address.slice(0, at);
  const colon = endpoint.lastIndexOf(':');
  return {
    ip: endpoint.slice(0, colon),
    client: Number(endpoint.slice(colon + 1)),
    bus: at < 0 ? 0 : Number(address.slice(at + 1)),
    hostname: hostname.includes('=') ? '' : hostname,
  };
}

function parseRange(text: string): SlotRange {
  const [first = '', last = first] = text.split('-');
  return [Number(first), Number(last)];
}

/** `[42->-id]` and `[42-<-id]` become `42->id` and `42<-id`. */
const parseOpenSlot = (text: string): string => text.slice(1, -1).replace('->-', '->').replace('-<-', '<-');
