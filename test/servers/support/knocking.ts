import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { layout } from '../../../sidecar/local/layout';
import type { Address } from '../../../sidecar/view';

/** Pause between two knocks. Milliseconds. */
const pauseMs = 2;

/** Bound of one. Milliseconds. */
const boundMs = 2_000;

/** What somebody without a password has met at a node's client port. */
export interface Knocking {
  /** Nobody listened there yet. */
  refused: number;
  /** Everything that was ever answered. */
  readonly answers: Set<string>;
}

/**
 * Says PING without a password at a node's client port, from before anything listens there until the signal is aborted.
 *
 * @param root the folder of the local database; the node need not be there yet
 */
export function knock(root: string, node: string, signal: AbortSignal): Knocking {
  const found: Knocking = { refused: 0, answers: new Set() };
  const repeat = async (): Promise<void> => {
    while (!signal.aborted) {
      const address = readAddress(root, node);
      const answer = address && (await ping(address));
      if (answer !== undefined) found.answers.add(answer);
      else if (address) found.refused++;
      await delay(pauseMs);
    }
  };
  void repeat();
  return found;
}

function readAddress(root: string, node: string): Address | undefined {
  try {
    return JSON.parse(readFileSync(layout.address(root, node), 'utf8')) as Address;
  } catch {
    return undefined;
  }
}

/** undefined where the connection was refused or closed. */
async function ping({ ip, client }: Address): Promise<string | undefined> {
  const socket = connect({ host: ip, port: client, timeout: boundMs });
  socket.once('timeout', () => socket.destroy(new Error('timeout')));
  socket.write('PING\r\n');
  try {
    const [data] = (await once(socket, 'data')) as [Buffer];
    return data.toString().trim();
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}
