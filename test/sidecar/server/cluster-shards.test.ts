/** Who is of whose shard, as a server says it. */
import { parseClusterShards } from '../../../sidecar/server/cluster-shards';

const node = (id: string) => ['id', id, 'port', 6379, 'ip', '10.0.0.1', 'role', 'master', 'health', 'online'];

test('the ids of each shard', () => {
  const reply = [
    ['slots', [0, 5460], 'nodes', [node('a'), node('b')]],
    ['slots', [], 'nodes', [node('c')], 'id', 'shard id of Valkey 9'],
  ];
  expect(parseClusterShards(reply)).toEqual([['a', 'b'], ['c']]);
});

test.each([[null], ['OK'], [[['slots', []]]]])('%j is no such reply', (reply) => {
  expect(() => parseClusterShards(reply)).toThrow();
});
