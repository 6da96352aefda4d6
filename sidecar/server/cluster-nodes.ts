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

/**
 * Lines that were parsed before. What servers say of a node is the same with nearly all of them, and nearly always what they said last:
 * of a thousand nodes there are a million lines a look, and as many objects would be a few hundred megabytes.
 */
const shared = new Map<string, TableEntry>();

/** Then all is forgotten, and what is still said is parsed once more. */
const mostShared = 10_000;

function parseLine(line: string, nowMs: number | undefined): TableEntry {
  const [before, ping, pong, after] = splitTimes(line);
  const text = before + after;
  const entry = shared.get(text) ?? parseTimeless(text);
  if (shared.size >= mostShared) shared.clear();
  shared.set(text, entry);
  return nowMs === undefined || !isOverdue(ping, nowMs) ? entry : { ...entry, ...agesOf(ping, pong, nowMs) };
}

/** Around the fifth and the sixth word, which change with every look. */
function splitTimes(line: string): [before: string, ping: number, pong: number, after: string] {
  let at = -1;
  for (let word = 0; word < 4; word++) at = line.indexOf(' ', at + 1);
  const [, ping = '', pong = ''] = line.slice(at).split(' ', 3);
  const end = at + 1 + ping.length + 1 + pong.length;
  return [line.slice(0, at), Number(ping), Number(pong), line.slice(end)];
}

/** Without the times of ping and pong. */
function parseTimeless(text: string): TableEntry {
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
