/** Where clients are sent: told again whenever the server says something else. */
import { planNode } from '../../../sidecar/plan';
import type { OwnView } from '../../../sidecar/view';
import { clusterConfig } from '../support/config';
import { database, ownView, sound, type Sketch } from '../support/views';

const config = clusterConfig(3, 1);
const listens = 6379;
const inside = { host: 's0-0.db', port: listens, listens };
const outside = { host: '192.0.2.1', port: 30_001, listens };

const plan = (place: OwnView['place'], sketch: Sketch = {}) =>
  planNode(
    ownView(database({ ...sound, 's0-0': { ...sound['s0-0'], ...sketch } }), 's0-0', place ? { place } : {}),
    config,
  );

/** What the server says of itself. */
const says = (hostname: string, client: number): Sketch => ({ believes: { 's0-0': { hostname, client } } });

test('a server that says the right place is told nothing, and so is one of which the place is not known', () => {
  expect(plan(inside)).toEqual([]);
  expect(plan(outside, says('192.0.2.1', 30_001))).toEqual([]);
  expect(plan(undefined, says('192.0.2.1', 30_001))).toEqual([]);
});

test.each([
  ['to a node port', outside, says('s0-0.db', listens), { host: '192.0.2.1', port: 30_001 }],
  ['to another node port', outside, says('192.0.2.1', 30_002), { host: '192.0.2.1', port: 30_001 }],
  ['to a load balancer', { ...outside, port: listens }, says('192.0.2.1', 30_001), { host: '192.0.2.1', port: 0 }],
  ['inside again', inside, says('192.0.2.1', 30_001), { host: 's0-0.db', port: 0 }],
])('sends clients %s', (_where, place, sketch, told) => {
  expect(plan(place, sketch)).toEqual([{ do: 'announce', node: 's0-0', ...told }]);
});

test('a server of another version is about to be replaced, and may not know the directives', () => {
  expect(plan(outside, { server: { version: '8.0.4' } })).toEqual([]);
});
