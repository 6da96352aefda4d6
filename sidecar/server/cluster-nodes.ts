import type { Role, SlotRange, TableEntry } from '../view';

/**
 * Parses the reply of `CLUSTER NODES`; the file `nodes.conf` has the same lines and a last one that begins with `vars`.
 *
 * Source: https://valkey.io/commands/cluster-nodes/
 */
export function parseClusterNodes(text: string): TableEntry[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('vars '))
    .map(parseLine);
}

function parseLine(line: string): TableEntry {
  const [id = '', place = '', flagText = '', primary = '-', , , epoch = '0', link = '', ...slotTexts] = line.split(' ');
  const flags = new Set(flagText.split(','));
  return {
    id,
    ...parsePlace(place),
    myself: flags.has('myself'),
    role: roleOf(flags),
    health: flags.has('fail') ? 'failed' : flags.has('fail?') ? 'suspected' : 'ok',
    handshake: flags.has('handshake'),
    connected: link === 'connected',
    ...(primary === '-' ? {} : { primaryId: primary }),
    configEpoch: Number(epoch),
    slots: slotTexts.filter((text) => !text.startsWith('[')).map(parseRange),
    openSlots: slotTexts.filter((text) => text.startsWith('[')).map(parseOpenSlot),
  };
}

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
