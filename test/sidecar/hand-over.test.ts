/** A handover that fails: who waits is answered, and nobody takes writes without a proof. */
import type { Server } from '../../sidecar/edges';
import { handOver } from '../../sidecar/hand-over';
import type { Primacy } from '../../sidecar/primacy';
import { closed } from '../../sidecar/steps/replication/floor';
import { addressOf, config, copyServer, record } from './support/replicated-views';

/** The record has been changed by somebody else; then the own server refuses to be opened, where it is to. */
async function fail({ provenMs, refuses = false }: { readonly provenMs: number; readonly refuses?: boolean }) {
  const told: (string | number)[] = [];
  const tell = (order: string | number) => Promise.resolve(void told.push(order));
  const own = {
    look: () => Promise.resolve(copyServer('s0-0')),
    roles: {
      pauseWrites: () => tell('pause'),
      resumeWrites: () => tell('resume'),
      setFloor: (floor: number) =>
        refuses && floor !== closed ? Promise.reject(new Error('no answer')) : tell(floor === closed ? 'close' : floor),
    },
  } as unknown as Server;
  const primacy = {
    view: () => ({ provenMs }),
    setOpen: () => undefined,
    swap: () => Promise.resolve(false),
  } as unknown as Primacy;
  const heir = { look: () => Promise.resolve(copyServer('s0-1')) } as Server;
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  const change = { primacy, clock, config: () => config, own, heir, at: addressOf('s0-1'), base: record, next: record };
  await expect(handOver(change)).rejects.toThrow('somebody else');
  return told;
}

test.each([
  ['opens the own server again while it is proven to be primary', { provenMs: 1001 }, ['pause', 'close', 0, 'resume']],
  ['leaves it closed where that runs out in a moment', { provenMs: 1000 }, ['pause', 'close', 'resume']],
  [
    'ends the pause, and says what went wrong first, where it cannot be opened',
    { provenMs: 5000, refuses: true },
    ['pause', 'close', 'resume'],
  ],
])('%s', async (_what, how, expected) => {
  expect(await fail(how)).toEqual(expected);
});
