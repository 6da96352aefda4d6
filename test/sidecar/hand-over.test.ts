/** A handover: clients are sent away when there is somebody to go to. One that fails: who waits is answered, and nobody takes writes without a proof. */
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
  const change = {
    ...{ primacy, clock, config: () => config, own, heir, at: addressOf('s0-1'), base: record, next: record },
    tell: () => Promise.reject(new Error('nobody is told of what has not happened')),
    prepare: () => Promise.resolve(() => Promise.reject(new Error('nobody has begun'))),
  };
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

/** The heir takes writes once it has been looked at so often after its appointment. */
async function succeed(looksUntilBegun: number): Promise<string[]> {
  const said: string[] = [];
  const say = (what: string) => () => Promise.resolve(void said.push(what));
  let [now, looks] = [0, -1];
  const roles = {
    ...{ pauseWrites: say('pause'), resumeWrites: say('resume'), dropClients: say('drop clients') },
    ...{ setFloor: say('close'), follow: say('follow') },
  };
  const own = { look: () => Promise.resolve(copyServer('s0-0')), roles } as unknown as Server;
  const begun = copyServer('s0-1', { server: { role: 'primary' } });
  const heir = {
    look() {
      // The first is to see that it has every write.
      if (++looks < looksUntilBegun) return Promise.resolve(copyServer('s0-1'));
      said.push('the heir takes writes');
      return Promise.resolve(begun);
    },
  } as Server;
  const primacy = {
    swap: () => Promise.resolve(said.push('change the record') > 0),
    setOpen: () => undefined,
  } as unknown as Primacy;
  const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    const until = now + ms;
    // Time goes by in the pauses between looks.
    if (ms < 10) now = until;
    while (now < until && !signal?.aborted) await new Promise((resolve) => setImmediate(resolve));
  };
  const clock = { now: () => now, sleep };
  const change = { primacy, clock, config: () => config, own, heir, at: addressOf('s0-1'), base: record, next: record };
  const prepare = (): Promise<() => Promise<void>> => {
    said.push('prepare');
    return Promise.resolve(say('tell Sentinels'));
  };
  await handOver({ ...change, tell: say('tell'), prepare });
  return said;
}

test('clients wait for the heir, and go to it when it takes writes and whom they ask knows', async () => {
  const before = ['prepare', 'pause', 'close', 'change the record', 'tell', 'follow'];
  expect(await succeed(7)).toEqual([...before, 'the heir takes writes', 'tell Sentinels', 'resume', 'drop clients']);
});

test('they wait for a moment only', async () => {
  expect((await succeed(1000)).slice(-3)).toEqual(['follow', 'resume', 'drop clients']);
});
