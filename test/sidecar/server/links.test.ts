/** What a node of a mesh says of itself: KeyDB 6.3.4's own words. */
import { parseMesh } from '../../../sidecar/server/links';

const replication = (more: readonly string[] = []): string =>
  [
    '# Replication',
    'role:active-replica',
    'master_global_link_status:down',
    'connected_masters:1',
    'master_host:127.0.0.1',
    'master_port:7902',
    'master_link_status:up',
    'master_last_io_seconds_ago:0',
    'master_sync_in_progress:0',
    'slave_read_repl_offset:1671',
    'slave_repl_offset:1671',
    'master_1_host:10.0.0.3',
    'master_1_port:6379',
    'master_1_link_status:down',
    'master_1_last_io_seconds_ago:-1',
    'master_1_sync_in_progress:1',
    'slave_read_repl_offset:1',
    'slave_repl_offset:1',
    'master_1_link_down_since_seconds:-1',
    'master_2_host:east.example',
    'master_2_port:6380',
    'master_2_link_status:down',
    'master_2_last_io_seconds_ago:-1',
    'master_2_sync_in_progress:0',
    'slave_read_repl_offset:77',
    'slave_repl_offset:77',
    'master_2_link_down_since_seconds:12',
    'slave_priority:100',
    'slave_read_only:0',
    'connected_slaves:1',
    'slave0:ip=127.0.0.1,port=7902,state=online,offset=1658,lag=0',
    'master_repl_offset:1873',
    ...more,
  ].join('\r\n');

test('each link with its own offset, and how long it has been down if it ever was up', () => {
  expect(parseMesh({ loading: false }, replication()).links).toEqual([
    { host: '127.0.0.1', port: 7902, up: true, copying: false, offset: 1671 },
    { host: '10.0.0.3', port: 6379, up: false, copying: true, offset: 1 },
    { host: 'east.example', port: 6380, up: false, copying: false, offset: 77, downSeconds: 12 },
  ]);
});

test('a server without links has none, and reads its own files when it says that it loads', () => {
  const alone = '# Replication\r\nrole:master\r\nconnected_slaves:0\r\nmaster_repl_offset:0';
  expect(parseMesh({ loading: true }, alone)).toMatchObject({ links: [], loading: true });
});

test('a server with links goes on serving while it loads', () => {
  expect(parseMesh({ loading: true }, replication()).loading).toBe(false);
});

test('whether clients may write, and whether the append-only file holds what they write', () => {
  expect(parseMesh({ loading: false }, replication())).toMatchObject({ refusesWrites: false, rewritesLog: false });
  const refusing = replication().replace('slave_read_only:0', 'slave_read_only:1');
  expect(parseMesh({ loading: false }, refusing).refusesWrites).toBe(true);
  expect(parseMesh({ loading: false }, replication(['aof_rewrite_in_progress:1'])).rewritesLog).toBe(true);
  expect(parseMesh({ loading: false }, replication(['aof_rewrite_scheduled:1'])).rewritesLog).toBe(true);
});
