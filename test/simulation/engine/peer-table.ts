import type { Peer } from './state';

/** Nodes by id, and all of them in a list that is made anew only where one came or went: a thousand servers ask for it at every message. */
export class PeerTable extends Map<string, Peer> {
  private kept: readonly Peer[] | undefined;

  get list(): readonly Peer[] {
    return (this.kept ??= [...this.values()]);
  }

  override set(id: string, peer: Peer): this {
    this.kept = undefined;
    return super.set(id, peer);
  }

  override delete(id: string): boolean {
    this.kept = undefined;
    return super.delete(id);
  }
}
