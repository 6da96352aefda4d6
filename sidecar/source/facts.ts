import type { Engine } from '../../lib/contract/engines';
import { canLoadFile } from '../../lib/contract/data-format';
import { countKeys, parseFields } from '../server/info';
import type { SourceConnection } from './connect';
import { readAnswer } from './protocol';

/** What a source says of itself. */
export interface SourceFacts {
  /** `standalone` but for a node of a cluster, or a Sentinel. */
  readonly mode: string;
  /** Bytes of its stream of writes. */
  readonly offset: number;
  /** Which stream that is. */
  readonly history: string;
  /** How many it holds. */
  readonly keys: number;
}

const sections = ['server', 'replication', 'keyspace'];

/**
 * Asks a source what it is.
 *
 * @throws Error where it does not say
 */
export async function askFacts({ send, reader }: SourceConnection): Promise<SourceFacts> {
  for (const section of sections) send(['INFO', section]);
  const answers: string[] = [];
  for (const section of sections) {
    const answer = await readAnswer(reader).catch((error: unknown) => {
      throw new Error(`it does not answer "INFO ${section}": ${(error as Error).message}`);
    });
    answers.push(answer);
  }
  return parseFacts(answers.join('\r\n'));
}

/** Of an `INFO` with these sections. */
export function parseFacts(text: string): SourceFacts {
  const fields = parseFields(text);
  const replica = fields.get('role') === 'slave';
  return {
    mode: fields.get('redis_mode') ?? fields.get('server_mode') ?? 'standalone',
    offset: Number(fields.get(replica ? 'slave_repl_offset' : 'master_repl_offset') ?? 0),
    history: fields.get('master_replid') ?? '',
    keys: countKeys(fields),
  };
}

/** Why a server is no source at all; undefined where it may be one. */
export function whyNoSource({ mode }: Pick<SourceFacts, 'mode'>): string | undefined {
  if (mode === 'cluster') return 'it is a node of a cluster, and has the keys of one shard only';
  return mode === 'sentinel' ? 'it is a Sentinel, and has no keys' : undefined;
}

/** What the own database has. */
export interface Owned {
  /** Name of the source whose data it has, or is to have; undefined where it has data of its own. */
  readonly claim?: string | undefined;
  readonly keys: number;
}

/** A source with less than this share of the keys that are here has lost its data, and perhaps been written to since. */
const leastShare = 0.5;

/**
 * Why not all that the source has may be copied in place of what the own server has; undefined where it may. What continues the own
 * server's stream may always be.
 */
export function whyNoCopy({ keys }: Pick<SourceFacts, 'keys'>, name: string, own: Owned): string | undefined {
  const { claim } = own;
  if (claim === undefined) return 'the database has data of its own, which would be lost';
  if (claim !== name) {
    return `the database has the data of ${claim}, which this source does not continue and would replace as a whole`;
  }
  if (keys === 0) return 'it holds no key: an empty source is never copied';
  if (keys >= own.keys * leastShare) return undefined;
  return `it has ${keys} keys, and ${own.keys} are here, which would be replaced: it seems to have lost its data`;
}

/** Why an engine cannot load what comes, by its first bytes; undefined where it can. */
export function whyNotLoaded(header: string, { name, version }: Engine): string | undefined {
  if (canLoadFile({ name, version }, header)) return undefined;
  return `it sends its data in the format ${header}, which ${name} ${version} cannot load: take a newer engine`;
}
