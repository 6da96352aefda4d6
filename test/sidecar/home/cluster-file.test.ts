import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { alignShardIds, disownAddress, mendClusterFile } from '../../../sidecar/home/cluster-file';

const [a, b, c] = ['a', 'b', 'c'].map((letter) => letter.repeat(40));
const node = (id: string, shardId: string, rest: string) =>
  `${id} 10.0.0.1:6379@16379,orders-shard-0-0.orders-headless,tls-port=0,shard-id=${shardId.repeat(40)} ${rest} 0 1 connected`;
const file = (shardIdOfReplica: string) =>
  [
    node(b!, shardIdOfReplica, `slave ${a!} 0`),
    node(a!, '1', 'myself,master - 0'),
    node(c!, '2', 'master - 0'),
    'vars currentEpoch 3 lastVoteEpoch 0',
    '',
  ].join('\n');

const elsewhere = { ip: '10.0.0.9', client: 6379, bus: 16379 };

test('a replica gets the shard id of its primary, wherever the primary stands in the file', () => {
  expect(alignShardIds(file('3'))).toBe(file('1'));
});

test('a file in which they agree stays as it is', () => {
  expect(alignShardIds(file('1'))).toBe(file('1'));
});

test('engines without shard ids have nothing to align', () => {
  const old = `${b!} 10.0.0.2:6379@16379 slave ${a!} 0 0 1 connected\n${a!} 10.0.0.1:6379@16379 myself,master - 0 0 1 connected\n`;
  expect(alignShardIds(old)).toBe(old);
});

test('a replica of a node that is not in the file stays as it is', () => {
  const orphan = `${node(b!, '3', `slave ${a!} 0`)}\n`;
  expect(alignShardIds(orphan)).toBe(orphan);
});

test('an address that is its own by now is taken from every other node, and nothing else changes', () => {
  const lines = [
    `${a!} 10.0.0.1:6379@16379,orders-shard-0-0,shard-id=${'1'.repeat(40)} myself,master - 0 0 1 connected 0-5460`,
    `${b!} 10.0.0.2:6379@16379,orders-shard-1-0,shard-id=${'2'.repeat(40)} master,fail? - 0 0 2 connected 5461-10922`,
    `${c!} 10.0.0.3:6379@16379 slave ${a!} 0 0 1 connected`,
    'vars currentEpoch 3 lastVoteEpoch 0',
    '',
  ];
  const mended = [...lines];
  mended[1] = lines[1]!.replace('10.0.0.2:6379@16379', ':0@0').replace('fail?', 'fail?,noaddr');
  expect(disownAddress(lines.join('\n'), { ip: '10.0.0.2', client: 6379, bus: 16379 })).toBe(mended.join('\n'));
  expect(disownAddress(lines.join('\n'), { ip: '10.0.0.2', client: 6380, bus: 16380 })).toBe(lines.join('\n'));
  expect(disownAddress(lines.join('\n'), { ip: '10.0.0.1', client: 6379, bus: 16379 })).toBe(lines.join('\n'));
});

describe('on a volume', () => {
  let folder: string;

  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'keyspace-cluster-file-'))));
  afterEach(() => rm(folder, { recursive: true }));

  test('the file is replaced as a whole', async () => {
    await writeFile(join(folder, 'nodes.conf'), file('3'));
    await mendClusterFile(join(folder, 'nodes.conf'), elsewhere);
    await expect(readFile(join(folder, 'nodes.conf'), 'utf8')).resolves.toBe(file('1'));
    await expect(readdir(folder)).resolves.toEqual(['nodes.conf']);
  });

  test('there is none before the first start', async () => {
    await mendClusterFile(join(folder, 'nodes.conf'), elsewhere);
    await expect(readdir(folder)).resolves.toEqual([]);
  });
});
