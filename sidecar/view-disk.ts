import type { LastPrimary, Role, SlotRange } from './view';
import type { RestoreMarker } from './view-restore';

/** What lies on a node's volume, readable while its server does not run. */
export interface DiskView {
  /** There are files that the server would load. */
  readonly hasData: boolean;
  /** From `nodes.conf`; absent on a fresh volume. */
  readonly cluster?: {
    readonly id: string;
    readonly role: Role;
    readonly primaryId?: string;
    readonly configEpoch: number;
    readonly slots: readonly SlotRange[];
    /** As in a {@link TableEntry}. Absent in what older agents say. */
    readonly openSlots?: readonly string[];
  };
  /** Who was primary when this node last heard; absent where it never did. */
  readonly lastPrimary?: LastPrimary;
  /** In `standalone`: name of the source whose data this is; absent where the database has data of its own. */
  readonly source?: string;
  /** Where the spec says `restore`: there are files that a server would load, be it with another persistence than the present one. */
  readonly hasFiles?: boolean;
  /** The same, until a server starts there. */
  readonly restore?: RestoreMarker;
}
