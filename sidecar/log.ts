import { destination, pino, stdTimeFunctions, type DestinationStream, type Level } from 'pino';

import type { Log } from './edges';

/** Whose log it is, and how much of it is wanted. */
export interface LogOptions {
  readonly database: string;
  readonly node: string;
  /** @default 'info' */
  readonly level?: Level;
}

/**
 * JSON lines with `level` as a word, `time` as RFC 3339 in UTC, `database`, `node`, the facts, and the sentence as `msg`.
 *
 * @param stream where the lines go; standard output unless told, written before the call returns so that a crash loses nothing
 */
export function createLog(
  { database, node, level = 'info' }: LogOptions,
  stream: DestinationStream = destination({ dest: 1, sync: true }),
): Log {
  const options = {
    level,
    base: { database, node },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: withPlainErrors },
  };
  const logger = pino(options, stream);
  return {
    debug: (facts, sentence) => logger.debug(facts, sentence),
    info: (facts, sentence) => logger.info(facts, sentence),
    warn: (facts, sentence) => logger.warn(facts, sentence),
  };
}

/** An error's own properties stay out: those of a refused AUTH, for one, hold the password that was sent. */
function withPlainErrors(facts: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).map(([key, value]) => [key, value instanceof Error ? value.message : (value as unknown)]),
  );
}
