/** Which of two configuration files' differences a running server takes. */
import { linesForStart, readDirectives } from '../../../lib/contract/directives';
import type { Engine } from '../../../lib/contract/engines';
import { compareDirectives } from '../../../sidecar/home/directive-changes';
import { splitWords } from '../../../sidecar/home/words';

const valkey: Engine = { name: 'valkey', version: '8.1' };

const compare = (told: string, wanted: string, engine = valkey) =>
  compareDirectives(readDirectives(told), readDirectives(wanted), engine);

test('new values are told, others and what is not set any more come with a start', () => {
  const told = 'maxmemory 100\nsave 900 1\nsave 300 10\ntcp-backlog 511\nslowlog-max-len 5\n';
  expect(compare(told, told)).toEqual({ live: [], atStart: [] });
  expect(compare(told, 'maxmemory 200\nsave 900 1\ntcp-backlog 100\nhz 20\n')).toEqual({
    live: ['maxmemory', 'save', 'hz'],
    atStart: ['tcp-backlog', 'slowlog-max-len'],
  });
});

test('what changes live depends on the version', () => {
  expect(compare('', 'io-threads 2').atStart).toEqual(['io-threads']);
  expect(compare('', 'io-threads 2', { name: 'valkey', version: '9.1' }).live).toEqual(['io-threads']);
});

test('with another encryption nothing is told: the server has neither the port nor the certificates for it', () => {
  const wanted = 'port 0\ntls-port 6379\ntls-replication yes\nhz 20';
  expect(compare('port 6379\nhz 10', wanted)).toEqual({
    live: [],
    atStart: ['port', 'hz', 'tls-port', 'tls-replication'],
  });
});

test('what a server reads when it starts is the same whatever else changes', () => {
  const lines = (text: string) => linesForStart(text, valkey);
  expect(lines('maxmemory 1\nloadmodule /a.so x\nloadmodule /b.so\ninclude /run/node.conf\n')).toBe(
    'loadmodule /a.so x\nloadmodule /b.so\ninclude /run/node.conf\n',
  );
  expect(lines('tcp-backlog 1\nhz 10\n')).toBe(lines('tcp-backlog 1\nhz 20\nmaxmemory 5\n'));
});

test.each([
  ['900 1', ['900', '1']],
  ['""', ['']],
  ["''", ['']],
  ['"a b"  c', ['a b', 'c']],
  ['"\\x41\\n\\"\\\\"', ['A\n"\\']],
  ["'it\\'s'", ["it's"]],
  ['normal 0 0 0', ['normal', '0', '0', '0']],
])('words of %s', (text, words) => {
  expect(splitWords(text)).toEqual(words);
});
