/** A primary that is told to end: to whom it hands over, and when. */
import { end } from '../../../sidecar/steps/end';
import { clusterConfig } from '../support/config';
import { database, ownView, sound, type Sketch } from '../support/views';

const config = clusterConfig(3, 1);

/** What a node that is ending, and has told everybody, does. */
const plan = (name: string, others: Readonly<Record<string, Sketch>> = {}) => {
  const ending: Sketch = { ...sound[name], ...others[name], ending: true };
  const seen = database({ ...sound, ...others, [name]: ending });
  return end(ownView(seen, name, { stopping: true, stoppingMs: 100, told: true }), config);
};
const handover = (from: string, node: string) => [{ do: 'failover', node, id: node, from, force: false }];
const isEnding = (name: string): Sketch => ({ ...sound[name], ending: true });

test('hands over to a replica in sync that most primaries know as its own', () => {
  expect(plan('s1-0')).toEqual(handover('s1-0', 's1-1'));
});

test('waits for a replica in sync', () => {
  expect(plan('s1-0', { 's1-1': { follows: 's1-0', server: { linkUp: false } } })).toEqual([
    { do: 'wait', why: 'ending: no replica is in sync to take over' },
  ]);
});

test('waits until an election would be won: a lost one takes no writes for seconds', () => {
  const wrong = { 's1-1': { role: 'primary' as const, primaryId: undefined as unknown as string } };
  const doubt = [{ do: 'wait', why: 'ending: most primaries do not know s1-1 as its replica yet' }];
  const s0: Sketch = { ...sound['s0-0'], believes: wrong };
  const s2: Sketch = { ...sound['s2-0'], believes: wrong };
  expect(plan('s1-0', { 's0-0': s0 })).toEqual(handover('s1-0', 's1-1'));
  expect(plan('s1-0', { 's0-0': s0, 's2-0': s2 })).toEqual(doubt);
  expect(plan('s1-0', { 's0-0': { ...sound['s0-0'], down: 'unreachable' }, 's2-0': s2 })).toEqual(doubt);
});

test('of several primaries that are ending, one hands over after the other', () => {
  const both = { 's0-0': isEnding('s0-0'), 's2-0': isEnding('s2-0') };
  expect(plan('s0-0', both)).toEqual(handover('s0-0', 's0-1'));
  expect(plan('s1-0', both)).toEqual([{ do: 'wait', why: 'ending: s0-0 hands over first' }]);
  expect(plan('s2-0', both)).toEqual([{ do: 'wait', why: 'ending: s0-0 hands over first' }]);
});

test('waits for nobody who cannot hand over, or has', () => {
  const unsynced = { 's0-0': isEnding('s0-0'), 's0-1': { follows: 's0-0', server: { linkUp: false } } };
  expect(plan('s1-0', unsynced)).toEqual(handover('s1-0', 's1-1'));
  const leaving = { 's0-0': isEnding('s0-0'), 's0-1': isEnding('s0-1') };
  expect(plan('s1-0', leaving)).toEqual(handover('s1-0', 's1-1'));
  const done = { 's0-0': { follows: 's0-1', ending: true }, 's0-1': { slots: sound['s0-0']!.slots!, epoch: 4 } };
  expect(plan('s1-0', done)).toEqual(handover('s1-0', 's1-1'));
});
