/** Telling a running server what has changed in its configuration, and saying what only a start brings. */
import { judge } from '../../../sidecar/health';
import { planNode } from '../../../sidecar/plan';
import type { OwnView } from '../../../sidecar/view';
import { clusterConfig } from '../support/config';
import { database, ownView, sound } from '../support/views';

const changed = { live: ['slowlog-max-len', 'maxmemory'], atStart: [], problems: [] };

const plan = (rest: Partial<OwnView> = {}, version = '8.1') =>
  planNode(
    ownView(database(sound), 's0-1', { directives: changed, ...rest }),
    clusterConfig(3, 1, { engine: { name: 'valkey', version } }),
  );

test('a server that runs is told', () => {
  expect(plan()).toEqual([{ do: 'set-directives', node: 's0-1', names: changed.live }]);
  expect(plan({ directives: { ...changed, live: [], atStart: ['io-threads'] } })).toEqual([]);
});

test('one of another version is not: it may not know them, and is about to be replaced', () => {
  expect(plan({}, '9.1')).toEqual([]);
  expect(plan({}, '8.10')).toEqual([]);
  expect(plan({}, '8.1.0')).toHaveLength(1);
});

test('one that loads its data or does not run is not', () => {
  const { server } = ownView(database(sound), 's0-1');
  expect(plan({ server: { ...server, loading: true } as OwnView['server'] })).toEqual([]);
  expect(plan({ server: { state: 'absent', reason: 'refused' }, permitted: true })).toEqual([]);
});

test('the status says of each node what it has to start anew for', () => {
  const seen = database({ ...sound, 's0-1': { ...sound['s0-1'], agent: { atStart: ['io-threads', 'databases'] } } });
  expect(judge(clusterConfig(3, 1), seen)).toMatchObject({
    health: 'Warning',
    reasons: ['s0-1 has to start anew for a change of io-threads, databases'],
  });
});
