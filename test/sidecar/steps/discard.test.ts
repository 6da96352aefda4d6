/** Keys of slots that others own are deleted only where that can be no mistake. */
import type { OwnView } from '../../../sidecar/view';
import { discard } from '../../../sidecar/steps/discard';
import { clusterConfig } from '../support/config';
import { database, sound, type Sketch } from '../support/views';

const config = clusterConfig(3, 1);
const slot = sound['s1-0']!.slots![0]![0];

/** The first slot of shard `s1` is left on `s0-0`. */
function plan(others: Readonly<Record<string, Sketch>> = {}, seenMs = 30_000) {
  const seen = database({ ...sound, ...others });
  const { server } = seen.nodes.find(({ name }) => name === 's0-0')!;
  const view = { name: 's0-0', shard: 's0', server, leftovers: { slots: [slot], seenMs }, database: seen };
  return discard(view as unknown as OwnView, config);
}

const nothing = [expect.objectContaining({ do: 'wait' })];

test('they go where the owner serves them and the others agree', () => {
  expect(plan()).toEqual([{ do: 'discard', node: 's0-0', slots: [[slot, slot]] }]);
});

test('they stay while something may go on that was planned before the start', () => {
  expect(plan({}, 29_999)).toEqual(nothing);
});

test('they stay where the owner does not answer', () => {
  expect(plan({ 's1-0': { ...sound['s1-0'], down: 'unreachable' } })).toEqual(nothing);
});

test('they stay where the owner is moving the slot here', () => {
  expect(plan({ 's1-0': { ...sound['s1-0'], open: [`${slot}->s0-0`] } })).toEqual(nothing);
});

test('they stay where most of the primaries know another owner, or none', () => {
  const believes = { 's1-0': { slots: [] } };
  const doubting = { 's0-0': { ...sound['s0-0'], believes }, 's2-0': { ...sound['s2-0'], believes } };
  expect(plan(doubting)).toEqual(nothing);
  expect(plan({ 's2-0': doubting['s2-0'] })).toEqual([expect.objectContaining({ do: 'discard' })]);
});

test('a server without leftovers does nothing', () => {
  expect(discard({ name: 's0-0' } as OwnView, config)).toEqual([]);
});
