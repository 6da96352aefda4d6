import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

import type { AgentConfig } from '../../lib/contract/agent-config';
import type { GateWatch, Log } from '../edges';
import type { Certificate } from '../http/certificate';
import { sourceName } from '../view-source';
import { openSource, type Source, type SourceConnection } from './connect';
import { askFacts, whyNoSource, type SourceFacts } from './facts';
import { introduce } from './handshake';
import { createSocketReader } from './reader';

/** What getting through to the source depends on. */
export interface PassageOptions {
  readonly config: () => AgentConfig;
  /** Folder of the agent's files, see `locate`. */
  readonly home: string;
  readonly log: Log;
  /** Passwords that the own server may say where it copies. */
  readonly passwords: () => Promise<readonly string[]>;
  /** Where servers copy encrypted. */
  readonly certificate?: () => Promise<Certificate>;
  /** Told what a source says of itself before it is copied. */
  readonly saw: (facts: SourceFacts) => void;
}

/** One server's way through to its source; the newest, where there are several. */
export interface Passage {
  /** Takes a connection of the own server. Never rejects. */
  readonly admit: (socket: Socket, owned: GateWatch['owned']) => Promise<void>;
  /** Ends what goes through; the own server connects again by itself. */
  readonly drop: () => void;
  /** Which source is connected, and whether data flows. */
  readonly now: () => { readonly of: string; readonly linked: boolean; readonly address?: string } | undefined;
  /** Why nothing was copied when it was last tried; undefined where that went well. */
  readonly whyNot: (of: string) => string | undefined;
}

interface Pair {
  readonly own: Duplex;
  readonly of: string;
  source?: SourceConnection;
  linked: boolean;
}

/** Nobody is let through yet. */
export function createPassage({ config, home, log, passwords, certificate, saw }: PassageOptions): Passage {
  let current: Pair | undefined;
  let failure: { readonly of: string; readonly why: string } | undefined;

  function drop(pair = current): void {
    pair?.own.destroy();
    pair?.source?.close();
    if (pair === current) current = undefined;
  }

  function fail(of: string, why: string): void {
    if (failure?.of !== of || failure.why !== why)
      log.warn({ source: of }, `nothing is copied from the source: ${why}`);
    failure = { of, why };
  }

  async function connect(pair: Pair, to: Source, owned: GateWatch['owned']): Promise<void> {
    const { own, of } = pair;
    const reader = createSocketReader(own);
    const source = (pair.source = await openSource(to, home));
    source.socket.once('close', () => drop(pair));
    const facts = await askFacts(source);
    saw(facts);
    const never = whyNoSource(facts);
    if (never !== undefined) throw new Error(never);
    const { engine } = config();
    const word = await introduce({ own, reader, source, of, facts, engine, passwords: await passwords(), owned });
    pair.linked = true;
    failure = undefined;
    log.info({ source: of }, `the source is copied: ${word}`);
  }

  return {
    async admit(socket, owned) {
      drop();
      const { replicaOf } = config();
      socket.on('error', () => socket.destroy());
      if (!replicaOf) return void socket.destroy();
      const own = certificate ? await encrypt(socket, certificate) : socket;
      const pair: Pair = (current = { own, of: sourceName(replicaOf), linked: false });
      own.once('close', () => drop(pair));
      await connect(pair, replicaOf, owned).catch((error: unknown) => {
        if (pair === current) fail(pair.of, (error as Error).message);
        drop(pair);
      });
    },
    drop: () => drop(),
    now() {
      const address = current?.source?.socket.remoteAddress;
      return current && { of: current.of, linked: current.linked, ...(address === undefined ? {} : { address }) };
    },
    whyNot: (of) => (failure?.of === of ? failure.why : undefined),
  };
}

async function encrypt(socket: Socket, certificate: () => Promise<Certificate>): Promise<Duplex> {
  const { context } = await certificate();
  return new TLSSocket(socket, { isServer: true, secureContext: context });
}
