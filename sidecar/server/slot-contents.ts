import type { Depth, SlotContents } from '../edges';
import type { Words } from './commands';

/** Keys of a slot that are weighed: it takes a server about 10 ms. */
const mostWeighed = 10_000;

/** Keys of a slot that are in parcels. */
const mostKeys = 1000;

/** Keys after which a server looks at no further slot: it takes it about a millisecond. */
const enoughKeys = 512;

/** Of a parcel: together they take a source about a millisecond. */
const parcelKeys = 64;

/** Of a parcel, unless one key alone has more. */
const parcelBytes = 512 * 1024;

/**
 * Slots, until there have been enough keys: the slot, its keys, the bytes and the name of the largest, then the keys, the bytes and the
 * words of each parcel. The words are as in a command, so that nobody on their way has to take keys apart again. Nothing is changed.
 */
const script = `
local call, room = redis.call, tonumber(ARGV[5])
local mostKeys, parcelKeys, parcelBytes = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local reply = {}
for index = 6, #ARGV do
  local keys = call('CLUSTER', 'GETKEYSINSLOT', ARGV[index], ARGV[1])
  local entry, words, filled, weight = { ARGV[index], #keys, 0, '' }, {}, 0, 0
  local function close()
    if filled == 0 then return end
    entry[#entry + 1], entry[#entry + 2], entry[#entry + 3] = filled, weight, table.concat(words, '', 1, filled * 5)
    filled, weight = 0, 0
  end
  for number, key in ipairs(keys) do
    local bytes = call('MEMORY', 'USAGE', key) or 0
    if bytes > entry[3] then entry[3], entry[4] = bytes, key end
    if number <= mostKeys then
      if filled == parcelKeys or weight + bytes > parcelBytes then close() end
      local at = filled * 5
      words[at + 1], words[at + 2], words[at + 3], words[at + 4], words[at + 5] = '$', #key, '\\r\\n', key, '\\r\\n'
      filled, weight = filled + 1, weight + bytes
    end
  end
  close()
  reply[#reply + 1] = entry
  room = room - #keys
  if room <= 0 then break end
end
return reply`;

/** Asks a server what is in slots. */
export const contentsOrder = (slots: readonly number[], depth: Depth): Words => [
  ...['EVAL', script, 0],
  ...[depth === 'all' ? mostWeighed : mostKeys, mostKeys, parcelKeys, parcelBytes, enoughKeys],
  ...slots,
];

/** What it answers. */
export const parseContents = (reply: unknown): SlotContents[] =>
  (reply as (readonly unknown[])[]).map(([slot, keys, bytes, key, ...parts]) => ({
    slot: Number(slot),
    keys: Number(keys),
    largest: { key: String(key), bytes: Number(bytes) },
    parcels: Array.from({ length: parts.length / 3 }, (_, index) => ({
      keys: Number(parts[index * 3]),
      bytes: Number(parts[index * 3 + 1]),
      words: parts[index * 3 + 2] as Buffer,
    })),
  }));
