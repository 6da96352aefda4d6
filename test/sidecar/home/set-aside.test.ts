/** What becomes of the files of a node that was drained and comes back. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { paths } from '../../../lib/contract/names';
import { setAside } from '../../../sidecar/home/set-aside';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'keyspace-aside-'));
  mkdirSync(join(home, paths.data, 'appendonlydir'), { recursive: true });
  write(`${paths.data}/nodes.conf`, 'old');
  write(`${paths.data}/appendonlydir/log`, 'keys');
  write(paths.replacedPasswords, 'hashes');
});
afterEach(() => rmSync(home, { recursive: true }));

const write = (path: string, text: string) => writeFileSync(home + path, text);
const list = (path: string) => readdirSync(home + path).sort();

test('nothing where it was not drained', async () => {
  await setAside(home);
  expect(list(paths.data)).toEqual(['appendonlydir', 'keyspace-passwords.json', 'nodes.conf']);
});

test('they are kept aside, once, and what is ours stays', async () => {
  write(paths.drained, '');
  await setAside(home);
  expect(list(paths.data)).toEqual(['keyspace-before', 'keyspace-passwords.json']);
  expect(readFileSync(`${home}${paths.before}/appendonlydir/log`, 'utf8')).toBe('keys');
  write(`${paths.data}/nodes.conf`, 'new');
  await setAside(home);
  expect(list(paths.data)).toContain('nodes.conf');
});

test('those of an earlier time make room, also where the last attempt was cut short', async () => {
  write(paths.drained, '');
  mkdirSync(home + paths.before);
  write(`${paths.before}/dump.rdb`, 'very old');
  await setAside(home);
  expect(list(paths.before)).toEqual(['appendonlydir', 'nodes.conf']);
  write(paths.drained, '');
  write(`${paths.data}/dump.rdb`, 'left over');
  await setAside(home);
  expect(list(paths.before)).toEqual(['appendonlydir', 'dump.rdb', 'nodes.conf']);
});
