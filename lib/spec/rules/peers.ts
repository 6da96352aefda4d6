import type { SoundFields } from '../kinds';
import { quote } from '../problems';
import type { SpecProblem } from '../spec-error';

/** Rules that take from a user what copying needs: PSYNC, REPLCONF and PING. */
const needed = new Set(['psync', 'replconf', 'ping', '@all', '@admin', '@dangerous', '@slow', '@connection', '@fast']);

/** What is wrong between the peers of a mesh and the users that are let in. */
export function peerProblems({ peers = [], auth }: SoundFields): SpecProblem[] {
  if (peers.length === 0 || auth === undefined || auth === 'off') return [];
  return auth.deniedCommands.flatMap((rule, index): SpecProblem[] => {
    if (!needed.has(rule)) return [];
    const message = `must not be denied while there are "peers", got ${quote(rule)}; they copy as the user "default"`;
    return [{ path: ['auth', 'deniedCommands', index], message }];
  });
}
