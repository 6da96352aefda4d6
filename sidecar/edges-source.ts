/** The way to a primary elsewhere, as an interface. */
import type { Owned } from './source/facts';
import type { SourceView } from './view-source';

/** What the way depends on. */
export interface GateWatch {
  /** What the own database has, now. Rejects where that cannot be said. */
  readonly owned: () => Promise<Owned>;
}

/** Over this the server beside an agent copies the primary elsewhere that the spec names; nothing that would cost its data gets through. */
export interface Gate {
  /** Begins to let the own server through, once. @returns where on loopback it does */
  readonly open: (watch: GateWatch) => Promise<number>;
  /** What is known of the source; undefined where the spec names none, and nothing is copied any more. */
  readonly view: (port: number) => SourceView | undefined;
  /** Looks at the source once. @returns how long to wait before the next look, in milliseconds */
  readonly watch: () => Promise<number>;
  readonly close: () => void;
}
