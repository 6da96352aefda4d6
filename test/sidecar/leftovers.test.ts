/** What a server comes back with that it had given away, told from what was on its way to it. */
import { createLeftovers } from '../../sidecar/leftovers';
import { cluster, entry, up } from './support/views';

/** As they are seen. */
function expecting() {
  const { expect: start, look } = createLeftovers();
  return { expect: start, look: (...now: Parameters<typeof look>) => look(...now).leftovers };
}

const running = (openSlots: readonly string[], role: 'primary' | 'replica' = 'primary') =>
  up(cluster('s0-0', [entry('s0-0', { openSlots, role })]));

const volume = (openSlots: readonly string[]) => ({
  hasData: true,
  cluster: { id: 's0-0', role: 'primary' as const, configEpoch: 1, slots: [], openSlots },
});

const absent = { state: 'absent', reason: 'refused' } as const;

test('a mark that the volume does not have is of keys that were given away', () => {
  const leftovers = expecting();
  leftovers.expect(volume(['5<-s1-0', '9->s1-0']));
  expect(leftovers.look(absent, 10)).toBeUndefined();
  expect(leftovers.look(running(['5<-s1-0', '7<-s1-0', '9->s1-0']), 100)).toEqual({ slots: [7], seenMs: 0 });
  expect(leftovers.look(running(['5<-s1-0', '7<-s1-0']), 400)).toEqual({ slots: [7], seenMs: 300 });
});

test('a mark that comes later is of a slot on its way, also where there was another before', () => {
  const leftovers = expecting();
  leftovers.expect(volume([]));
  leftovers.look(running(['7<-s1-0']), 0);
  expect(leftovers.look(running(['7<-s1-0', '8<-s1-0']), 1)?.slots).toEqual([7]);
  expect(leftovers.look(running([]), 2)).toBeUndefined();
  expect(leftovers.look(running(['7<-s1-0']), 3)).toBeUndefined();
});

test('an agent that did not see the server start takes no mark for one', () => {
  expect(expecting().look(running(['7<-s1-0']), 0)).toBeUndefined();
});

test('a replica has what its primary has, and a server that ended has nothing', () => {
  const leftovers = expecting();
  leftovers.expect(volume([]));
  leftovers.look(running(['7<-s1-0']), 0);
  expect(leftovers.look(running(['7<-s1-0'], 'replica'), 1)).toBeUndefined();
  leftovers.expect(volume([]));
  leftovers.look(running(['7<-s1-0']), 2);
  expect(leftovers.look(absent, 3)).toBeUndefined();
  expect(leftovers.look(running(['7<-s1-0']), 4)).toBeUndefined();
});
