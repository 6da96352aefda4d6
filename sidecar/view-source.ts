/** The primary elsewhere that a database follows, as plain data. */
import type { AgentConfig } from '../lib/contract/agent-config';

/** How a server copies that primary, over the agent beside it: by its own `INFO replication`. */
export interface SourceLink {
  /** Where on loopback it was told that its agent is. */
  readonly port: number;
  /** The first copy is there, and writes stream in. */
  readonly up: boolean;
  /** Seconds since it last heard from the other; since the link was lost, where it is not up. */
  readonly silentSeconds: number;
  /** Bytes of a copy of everything that have arrived; absent while none is on its way. */
  readonly copiedBytes?: number;
}

/** What the agent beside the server knows of that primary. */
export interface SourceView {
  /** See {@link sourceName}. */
  readonly name: string;
  /** Where on loopback the own server finds it. */
  readonly port: number;
  /** Why nothing is copied; absent where nothing stands in the way. */
  readonly reason?: string;
  /** Bytes of its stream of writes now; absent where it does not answer. */
  readonly offset?: number;
  /** Which stream that is: its `master_replid`. */
  readonly history?: string;
  /**
   * The spec names nobody any more, and the own server has a link still: what had been written by then is waited for. `asked` when
   * {@link offset} is of after that, `over` when it cannot be known or takes too long.
   */
  readonly parting?: 'asking' | 'asked' | 'over';
}

/** `HOST:PORT`, as the spec says it: whose data a database has is kept under this name. */
export const sourceName = ({ host, port }: Pick<NonNullable<AgentConfig['replicaOf']>, 'host' | 'port'>): string =>
  `${host}:${port}`;

/**
 * 127.0.0.1, written as nobody else's address is: a server says whom it copies in the words in which it was told, and by these everybody
 * knows that it copies the source.
 */
export const gateHost = '127.1';
