import { lookup } from 'node:dns/promises';

import type { AgentConfig } from '../../lib/contract/agent-config';
import { sourceName } from '../view-source';
import { openSource, type Source, type SourceConnection } from './connect';
import { askFacts, type SourceFacts } from './facts';

/** What it takes to know how far a source is. */
export interface SourceWatchOptions {
  readonly config: () => AgentConfig;
  /** Folder of the agent's files, see `locate`. */
  readonly home: string;
  /** Where the source is that is copied now; undefined where none is. */
  readonly address: () => string | undefined;
  /** Called when the source's name leads elsewhere by now. */
  readonly moved: () => void;
}

/** Looks at a source for as long as the own server wants to copy it. */
export interface SourceWatch {
  /** One look. @returns how long to wait before the next, in milliseconds */
  readonly pass: () => Promise<number>;
  /** What the source said last, and why it says nothing. */
  readonly last: () => Seen;
  readonly saw: (facts: SourceFacts) => void;
  /** The own server has asked for the source. */
  readonly used: () => void;
  readonly close: () => void;
}

/** What one look has shown. */
export interface Seen {
  readonly facts?: SourceFacts;
  readonly problem?: string;
  /** When that was asked for, by the clock of this process. */
  readonly askedAt: number;
}

/** Time between two looks. Milliseconds. */
const lookEveryMs = 500;

/** The same when the spec names nobody any more: clients wait. Milliseconds. */
const partingMs = 20;

/** Time between two looks at where the name leads. Milliseconds. */
const resolveEveryMs = 5000;

/** A server that copies, or tries to, asks at least as often. Milliseconds. */
const usedForMs = 10_000;

/** Bound of one look. Milliseconds. */
const boundMs = 3000;

/** Asks over a connection of its own: on the other one data flows. */
export function createSourceWatch({ config, home, address, moved }: SourceWatchOptions): SourceWatch {
  let connection: SourceConnection | undefined;
  let last: Seen = { askedAt: -Infinity };
  let source: Source | undefined;
  let usedAt = -Infinity;
  let resolvedAt = performance.now();

  function close(): void {
    connection?.close();
    connection = undefined;
  }

  async function look(of: Source): Promise<void> {
    const askedAt = performance.now();
    try {
      connection ??= await openSource(of, home);
      connection.socket.setTimeout(boundMs);
      last = { facts: await askFacts(connection), askedAt };
    } catch (error) {
      close();
      last = { problem: (error as Error).message, askedAt };
    }
  }

  /** A connection to where it was may stay open for ever. A name that is not resolved now says nothing. */
  async function follow(host: string): Promise<void> {
    const now = address();
    if (now === undefined || performance.now() - resolvedAt < resolveEveryMs) return;
    resolvedAt = performance.now();
    const found = await lookup(host, { all: true }).catch(() => []);
    if (found.length === 0 || found.some((one) => one.address === now) || now !== address()) return;
    close();
    moved();
  }

  return {
    async pass() {
      const { replicaOf } = config();
      const copied = address() !== undefined;
      if (replicaOf && source && sourceName(replicaOf) !== sourceName(source)) close();
      source = replicaOf ?? (copied ? source : undefined);
      if (!source || (!copied && performance.now() - usedAt > usedForMs)) {
        close();
        last = { askedAt: -Infinity };
        return lookEveryMs;
      }
      await Promise.all([look(source), follow(source.host)]);
      return replicaOf ? lookEveryMs : partingMs;
    },
    last: () => last,
    saw: (facts) => void (last = { facts, askedAt: performance.now() }),
    used: () => void (usedAt = performance.now()),
    close,
  };
}
