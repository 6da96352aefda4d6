import type { Engine, EngineName } from './engines';

/**
 * Number of the format in which each version writes a snapshot, and with it the base of its append-only file and the
 * stream for a new replica: `RDB_VERSION` in `src/rdb.h`.
 */
const formats: Readonly<Record<EngineName, Readonly<Record<string, number>>>> = {
  valkey: { '7.2': 11, '8.0': 11, '8.1': 11, '9.0': 80, '9.1': 80 },
  redis: { '6.2': 9, '7.0': 10, '7.2': 11, '7.4': 12, '8.0': 12 },
  keydb: { '6.3': 9 },
};

/** The last format that Redis and Valkey share. Valkey 9 counts from 80 and takes nothing in between: `src/rdb.h`. */
const lastCommonFormat = 11;

const formatOf = ({ name, version }: Engine): number | undefined => formats[name][version];

/** Whether one engine loads what another has written: files, and the stream from a primary. An unknown version loads nothing. */
export function canLoad(reader: Engine, writer: Engine): boolean {
  const [read, written] = [formatOf(reader), formatOf(writer)];
  if (read === undefined || written === undefined || written > read) return false;
  return reader.name === writer.name || written <= lastCommonFormat;
}

/** Whether it is certain that one engine does not load what another has written: both versions are known, and it cannot. */
export const cannotLoad = (reader: Engine, writer: Engine): boolean =>
  [reader, writer].every((engine) => formatOf(engine) !== undefined) && !canLoad(reader, writer);

/**
 * Whether an engine loads a file, by its first nine bytes: `REDIS0011`, `VALKEY080`. Formats before 9 are those of older versions of Redis,
 * which everybody loads.
 */
export function canLoadFile(reader: Engine, header: string): boolean {
  const [, writer, digits] = /^(REDIS|VALKEY)(\d{3,4})$/.exec(header) ?? [];
  const read = formatOf(reader);
  if (writer === undefined || read === undefined) return false;
  const written = Number(digits);
  if (written <= Math.min(read, lastCommonFormat)) return true;
  return written <= read && (writer === 'VALKEY') === (reader.name === 'valkey');
}
