import { whyNotJoined } from './steps/mesh/joined';
import type { Address, DatabaseView, DiskView, OwnView } from './view';

/** What one look does not show of a node of a mesh: whether it has had what the others have since its server has started. */
export interface Joining {
  /** The server starts, on what lies on this volume. */
  readonly start: (disk: DiskView) => void;
  /** The view with {@link OwnView.joined}; looks at the others until that is so. */
  readonly see: (view: OwnView, lookAround: (view: OwnView) => Promise<DatabaseView>) => Promise<OwnView>;
}

/** @param ownAddress where the server listens */
export function createJoining(ownAddress: () => Promise<Address>): Joining {
  let hadData: boolean | undefined;
  let joined = false;

  return {
    start(disk) {
      hadData = disk.hasData;
      joined = false;
    },
    async see(view, lookAround) {
      const { server } = view;
      joined &&= server.state !== 'absent';
      const own = { ...view, address: await ownAddress() };
      if (joined || server.state !== 'up') return { ...own, joined };
      // An agent that has not seen the start goes by what is there now.
      hadData ??= view.disk.hasData || (server.links ?? []).some(({ downSeconds }) => downSeconds !== undefined);
      // Nobody is to take it for a node that serves meanwhile.
      const database = view.database ?? (await lookAround({ ...own, joined }));
      joined = whyNotJoined(own, { database, hadData }) === undefined;
      return { ...own, database, joined };
    },
  };
}
