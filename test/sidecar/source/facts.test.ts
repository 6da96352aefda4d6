import { canLoadFile } from '../../../lib/contract/data-format';
import { parseFacts, whyNoCopy, whyNoSource, whyNotLoaded } from '../../../sidecar/source/facts';

const name = 'old.example:6379';

test('reads what a source says of itself, a primary or a replica', () => {
  const lines = (role: string) => [`role:${role}`, 'master_replid:abc', 'master_repl_offset:9', 'slave_repl_offset:8'];
  const text = (role: string) =>
    ['redis_mode:standalone', ...lines(role), 'db0:keys=7,expires=1', 'db3:keys=2'].join('\r\n');
  expect(parseFacts(text('master'))).toEqual({ mode: 'standalone', offset: 9, history: 'abc', keys: 9 });
  expect(parseFacts(text('slave'))).toMatchObject({ offset: 8 });
  expect(parseFacts('').keys).toBe(0);
});

test('a node of a cluster and a Sentinel are no sources', () => {
  expect(whyNoSource({ mode: 'standalone' })).toBeUndefined();
  expect(whyNoSource({ mode: 'cluster' })).toContain('one shard only');
  expect(whyNoSource({ mode: 'sentinel' })).toContain('no keys');
});

test('everything is copied only in place of what is of the same source, and only from one that has it still', () => {
  expect(whyNoCopy({ keys: 100 }, name, { claim: name, keys: 0 })).toBeUndefined();
  expect(whyNoCopy({ keys: 100 }, name, { claim: name, keys: 200 })).toBeUndefined();
  expect(whyNoCopy({ keys: 99 }, name, { claim: name, keys: 200 })).toContain('99 keys, and 200 are here');
  expect(whyNoCopy({ keys: 0 }, name, { claim: name, keys: 0 })).toContain('never copied');
  expect(whyNoCopy({ keys: 100 }, name, { keys: 1 })).toContain('data of its own');
  expect(whyNoCopy({ keys: 100 }, name, { claim: 'other:1', keys: 1 })).toContain('the data of other:1');
});

test.each([
  ['REDIS0010', 'valkey', '8.1', true],
  ['REDIS0011', 'valkey', '9.1', true],
  ['REDIS0012', 'valkey', '9.1', false],
  ['VALKEY080', 'valkey', '9.1', true],
  ['VALKEY080', 'valkey', '8.1', false],
  ['VALKEY080', 'redis', '8.0', false],
  ['REDIS0012', 'redis', '8.0', true],
  ['REDIS0012', 'redis', '7.2', false],
  ['REDIS0006', 'keydb', '6.3', true],
  ['REDIS0010', 'keydb', '6.3', false],
  ['something', 'valkey', '9.1', false],
] as const)('%s is for %s %s: %s', (header, engine, version, loads) => {
  expect(canLoadFile({ name: engine, version }, header)).toBe(loads);
  expect(whyNotLoaded(header, { name: engine, version }) === undefined).toBe(loads);
});
