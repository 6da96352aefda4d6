/** A dead process is news at once: the replica is asked to take over before anybody's timeout has passed. */
import { takeover } from '../../../sidecar/steps/takeover';
import type { OwnView } from '../../../sidecar/view';
import { clusterConfig } from '../support/config';
import { database, ownView, sound, type Sketch } from '../support/views';

const config = clusterConfig(3, 1);
const heir = (server: Sketch['server']): Sketch => ({ follows: 's0-0', server: { linkUp: false, ...server } });
const dead: Sketch = { ...sound['s0-0'], down: 'absent' };
const view = (others: Readonly<Record<string, Sketch>> = {}, own: Partial<OwnView> = {}): OwnView =>
  ownView(database({ ...sound, 's0-0': dead, 's0-1': heir({}), ...others }), 's0-0', own);

const forced = [{ do: 'failover', node: 's0-1', id: 's0-1', from: 's0-0', force: true }];

test('the replica of a dead primary is asked to take over at once', () => {
  expect(takeover(view({ 's0-1': heir({ linkSilentSeconds: 0 }) }), config)).toEqual(forced);
});

test('of two replicas the one that has received more is asked', () => {
  const others = { 's0-1': heir({ offset: 90 }), 's0-2': heir({ offset: 95 }) };
  expect(takeover(view(others), config)).toMatchObject([{ node: 's0-2' }]);
});

test('a replica that had lost its primary before that died is not asked: it has older data', () => {
  expect(takeover(view({ 's0-1': heir({ linkSilentSeconds: 7 }) }, { heldMs: 1000 }), config)).toEqual([]);
});

test('a replica that never had its primary is not asked: it may be empty', () => {
  expect(takeover(view({ 's0-1': heir({ linkSilentSeconds: 1_000_000_000 }) }), config)).toEqual([]);
});

test('a replica whose link is up is not asked: it copies somebody else by now', () => {
  expect(takeover(view({ 's0-1': heir({ linkUp: true }) }), config)).toEqual([]);
});

test('a replica whose pod is ending is not asked', () => {
  expect(takeover(view({ 's0-1': { ...heir({}), ending: true } }), config)).toEqual([]);
});

test('nobody is asked before a majority lists the replica: a voter that does not would deny its vote', () => {
  const unaware: Sketch['believes'] = { 's0-1': { role: 'primary', primaryId: 'nobody' } };
  const one = { 's1-0': { ...sound['s1-0'], believes: unaware } };
  const both = { ...one, 's2-0': { ...sound['s2-0'], believes: unaware } };
  // Two of the three primaries that vote are alive, and the dead one counts: both have to agree.
  expect(takeover(view(), config)).toEqual(forced);
  expect(takeover(view(one), config)).toEqual([]);
  expect(takeover(view(both), config)).toEqual([]);
});

test('nobody is asked once another serves the slots', () => {
  expect(takeover(view({ 's0-1': { slots: [[0, 5460]], epoch: 9 } }), config)).toEqual([]);
});

test('a primary that may start with its data by now asks nobody; one without data asks for as long as it is held', () => {
  const late = { heldMs: 2 * config.nodeTimeoutMs + 1 };
  expect(takeover(view({}, late), config)).toEqual([]);
  const { cluster } = view().disk;
  expect(takeover(view({}, { ...late, disk: { hasData: false, cluster: cluster! } }), config)).toEqual(forced);
});

test.each<[string, Partial<OwnView>]>([
  ['that runs', { server: { state: 'unreachable', reason: 'it hangs' } }],
  ['that has its permit', { permitted: true }],
  ['that owned no slots', { disk: { hasData: true } }],
])('nothing is done for a server %s', (_what, own) => {
  expect(takeover(view({}, own), config)).toEqual([]);
});
