/** What the status says of a mesh. */
import { judge } from '../../sidecar/health';
import { linkTo, meshConfig, meshView, type MeshSketch } from './support/mesh';

const judged = (sketches: readonly MeshSketch[], config = meshConfig(sketches.length)) =>
  judge(config, meshView(sketches));

test('nodes that have each other’s writes are healthy, and all are primaries', () => {
  const { health, reasons, nodes } = judged([{}, {}, {}]);
  expect({ health, reasons }).toEqual({ health: 'Healthy', reasons: [] });
  expect(nodes.map(({ role, state }) => `${role} ${state}`)).toEqual(Array(3).fill('primary up'));
});

test('nodes that would all be lost with one host', () => {
  const on = (host: string): MeshSketch => ({ agent: { host } });
  const { health, reasons } = judged([on('h1'), on('h1')]);
  expect({ health, reasons }).toEqual({ health: 'Warning', reasons: ['all nodes of shard s0 are on h1'] });
  expect(judged([on('h1'), on('h2')]).health).toBe('Healthy');
});

test('a link that is missing, down, or copying, where there is a way around it', () => {
  const copying = linkTo('s0-2', { up: false, copying: true });
  const { health, reasons } = judged([{ links: [linkTo('s0-1'), copying] }, { links: [linkTo('s0-2')] }, {}]);
  expect(health).toBe('Degraded');
  expect(reasons).toEqual(['s0-0 is copying what s0-2 writes', 's0-1 does not receive what s0-0 writes']);
});

test('a peer of the spec that is not linked', () => {
  const { health, reasons } = judged([{}, {}], meshConfig(2, { peers: [{ host: 'east.example', port: 6380 }] }));
  expect(health).toBe('Degraded');
  expect(reasons).toContain('s0-0 does not receive what east.example:6380 writes');
});

test('nodes between which writes get on no way, although all serve', () => {
  const cut = [{ links: [linkTo('s0-1')] }, { links: [linkTo('s0-0')] }, { links: [] }];
  const { health, reasons } = judged(cut);
  expect(health).toBe('Critical');
  expect(reasons[0]).toBe('split brain: writes do not get from one to the other of s0-0 and s0-1 / s0-2');
});

test('one way is not enough, and a way around is', () => {
  expect(judged([{}, { links: [] }]).health).toBe('Critical');
  const ring = [{ links: [linkTo('s0-2')] }, { links: [linkTo('s0-0')] }, { links: [linkTo('s0-1')] }];
  expect(judged(ring).health).toBe('Degraded');
});

test('nobody serves', () => {
  const starting = { agent: { serving: false } };
  const { health, reasons } = judged([starting, { down: 'absent' }]);
  expect(health).toBe('Critical');
  expect(reasons).toEqual(['no node serves clients', 's0-0 has not copied yet what the others have', 's0-1 is held']);
});

test('a node is as far behind as behind the node that it is furthest behind', () => {
  const { nodes } = judged([{ links: [linkTo('s0-1', { offset: 90 }), linkTo('s0-2', { offset: 40 })] }, {}, {}]);
  expect(nodes.map(({ lagBytes }) => lagBytes)).toEqual([60, 0, 0]);
});
