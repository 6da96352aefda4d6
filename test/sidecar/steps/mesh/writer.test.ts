/** To which node of a mesh writers are sent. */
import { writer } from '../../../../sidecar/steps/mesh/writer';
import type { Role } from '../../../../sidecar/view';
import { linkTo, meshConfig, meshView, type MeshSketch } from '../../support/mesh';

const config = meshConfig(2);
const preferSecond = meshConfig(2, { primaries: ['s0-1'] });
const label = (node: string, role: Role) => ({ do: 'label' as const, node, role });

test('one that serves is labelled, and then all others', () => {
  expect(writer(meshView([{}, {}], { roles: {} }), config)).toEqual([label('s0-0', 'primary')]);
  expect(writer(meshView([{}, {}], { roles: { 's0-0': 'primary' } }), config)).toEqual([label('s0-1', 'replica')]);
  expect(writer(meshView([{}, {}]), config)).toEqual([]);
});

test('nobody is, where the labels are not known, or nobody serves', () => {
  const { mesh, ...view } = meshView([{}, {}], { roles: {} });
  expect(mesh).toBeDefined();
  expect(writer(view, config)).toEqual([]);
  const starting = { agent: { serving: false } };
  expect(writer(meshView([starting, starting], { roles: {} }), config)).toEqual([]);
});

test('it stays where it is, also when a node before it is back', () => {
  expect(writer(meshView([{}, {}], { roles: { 's0-0': 'replica', 's0-1': 'primary' } }), config)).toEqual([]);
});

const gone: readonly [string, MeshSketch, Record<string, number>][] = [
  ['does not run', { down: 'absent' }, { 's0-0': 0 }],
  ['is ending', { ending: true }, {}],
  ['has been silent for the node timeout', { down: 'unreachable' }, { 's0-0': 5000 }],
  ['has no address', { address: 'none', down: 'unreachable' }, { 's0-0': 0 }],
  ['has come back empty', { agent: { serving: false } }, {}],
];

test.each(gone)('it goes to another, first there and then from here, where the node %s', (_, sketch, silentMs) => {
  const roles = { 's0-0': 'primary', 's0-1': 'replica' } as const;
  expect(writer(meshView([sketch, {}], { silentMs, roles }), config)).toEqual([label('s0-1', 'primary')]);
  const both = { 's0-0': 'primary', 's0-1': 'primary' } as const;
  const actions = writer(meshView([sketch, {}], { silentMs, roles: both }), config);
  expect(actions).toEqual([label('s0-0', 'replica')]);
});

test('it does not go for a moment of silence, of the server or of the agent', () => {
  expect(writer(meshView([{ down: 'unreachable' }, {}], { silentMs: { 's0-0': 4999 } }), config)).toEqual([]);
  expect(writer(meshView([{ agent: 'silent' }, {}]), config)).toEqual([]);
  // The coordinator has found out first that it is over.
  expect(writer(meshView([{ agent: { server: 'unknown', serving: false } }, {}]), config)).toEqual([]);
});

test('it goes to the node that the spec prefers, once that has nearly all that the present one has', () => {
  const behind = { links: [linkTo('s0-0', { offset: 100 })] };
  expect(writer(meshView([{ server: { offset: 1_000_000 } }, behind]), preferSecond)).toEqual([]);
  expect(writer(meshView([{ server: { offset: 200 } }, behind]), preferSecond)).toEqual([label('s0-1', 'primary')]);
});
