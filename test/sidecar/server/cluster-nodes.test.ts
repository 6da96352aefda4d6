/** Lines of `CLUSTER NODES` as engines print them. */
import { parseClusterNodes } from '../../../sidecar/server/cluster-nodes';

const line = (ping: number, pong: number): string =>
  `07c37df 10.0.0.7:6379@16379,orders-0.db,shard-id=69bc08 slave e7d1eec ${ping} ${pong} 4 connected\n`;

test('says how long ago a node answered, and for how long it has not, by the clock of who was asked', () => {
  expect(parseClusterNodes(line(1000, 400), 6000)).toMatchObject([{ lastPongMs: 5600, unansweredMs: 5000 }]);
});

test.each([
  ['has answered what it was asked', line(0, 5900)],
  ['has been asked a moment ago', line(5700, 5000)],
])('a node that %s owes no answer', (_what, text) => {
  const [entry] = parseClusterNodes(text, 6000);
  expect(entry).not.toHaveProperty('unansweredMs');
});

test('what is said again, by whomever, is parsed once: a thousand tables of a thousand nodes would take all memory', () => {
  const [one, other] = [line(0, 5900), line(0, 4711)].map((text) => parseClusterNodes(text, 6000)[0]);
  expect(one).toBe(other);
  expect(parseClusterNodes(line(1000, 400), 6000)[0]).toMatchObject({ id: '07c37df', unansweredMs: 5000 });
});

test('a node that has never answered has no last answer', () => {
  const [entry] = parseClusterNodes(line(5000, 0), 6000);
  expect(entry).toMatchObject({ unansweredMs: 1000 });
  expect(entry).not.toHaveProperty('lastPongMs');
});

test('times of a file are of no clock that goes on', () => {
  const [entry] = parseClusterNodes(line(1000, 400));
  expect(entry).toMatchObject({ id: '07c37df', hostname: 'orders-0.db', role: 'replica', connected: true });
  expect(entry).not.toHaveProperty('unansweredMs');
});
