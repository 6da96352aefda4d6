import type { Role, SlotRange, TableEntry } from '../view';

/**
 * Parses the reply of `CLUSTER NODES`; the file `nodes.conf` has the same lines and a last one that begins with `vars`.
 *
 * @param nowMs the server's own clock, by which it writes when it sent a ping and had an answer
 *
 * Source: https://valkey.io/commands/cluster-nodes/
 */
export function parseClusterNodes(text: string, nowMs?: number): TableEntry[] {
  const entries: TableEntry[] = [];
  for (const line of text.split('\n')) {
    if (line !== '' && !line.startsWith('vars ')) entries.push(parseLine(line.trimEnd(), nowMs));
  }
  return entries;
}

/**
 * Lines that were parsed before. What servers say of a node is the same with nearly all of them, and nearly always what they said last:
 * of a thousand nodes there are a million lines a look, and as many objects would be a few hundred megabytes.
 */
const shared = new Map<string, TableEntry>();

/** Then all is forgotten, and what is still said is parsed once more. */
const mostShared = 10_000;

function parseLine(line: string, nowMs: number | undefined): TableEntry {
  // Around the fifth and the sixth word, the times of ping and pong, which change with every look.
  const ping = nthSpace(line, 4);
  const pong = line.indexOf(' ', ping + 1);
  const rest = line.indexOf(' ', pong + 1);
  const text = line.slice(0, ping) + line.slice(rest);
  const entry = shared.get(text) ?? parseTimeless(text);
  if (nowMs === undefined) return entry;
  const pinged = Number(line.slice(ping, pong));
  return isOverdue(pinged, nowMs) ? { ...entry, ...agesOf(pinged, Number(line.slice(pong, rest)), nowMs) } : entry;
}

function nthSpace(line: string, count: number): number {
  let at = -1;
  for (let space = 0; space < count; space++) at = line.indexOf(' ', at + 1);
  return at;
}

/** Without the times of ping and pong. */
function parseTimeless(text: string): TableEntry {
  const entry = parseWords(text);
  if (shared.size >= mostShared) shared.clear();
  shared.set(text, entry);
  return entry;
}

function parseWords(text: string): TableEntry {
  const [id = '', place = '', flagText = '', primary = '-', epoch = '0', link = '', ...slotTexts] = text.split(' ');
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

/** Longest that an answer is merely on its way. Milliseconds. */
const onItsWayMs = 500;

const isOverdue = (ping: number, nowMs: number): boolean => ping > 0 && nowMs - ping > onItsWayMs;

/** Of a ping that is under way and the last answer; a moment that is 0 has not been. */
const agesOf = (ping: number, pong: number, nowMs: number): Pick<TableEntry, 'lastPongMs' | 'unansweredMs'> => ({
  ...(pong > 0 ? { lastPongMs: Math.max(0, nowMs - pong) } : {}),
  unansweredMs: nowMs - ping,
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
