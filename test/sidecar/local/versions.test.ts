import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';

import { createVersionedRecord } from '../../../sidecar/local/machine/versions';
import { temporaryFolder } from './fixture';

const root = temporaryFolder();

test('a record that was never written is empty, at version 0', async () => {
  expect(await createVersionedRecord(join(root, 'new')).read()).toEqual({ number: 0, value: undefined });
});

test('a swap from the newest version is seen by everyone', async () => {
  const folder = join(root, 'seen');
  expect(await createVersionedRecord<string>(folder).swap(0, 'a')).toBe(true);
  expect(await createVersionedRecord<string>(folder).read()).toEqual({ number: 1, value: 'a' });
});

test('refuses a swap from any other version, also one whose file was pruned long ago', async () => {
  const record = createVersionedRecord<number>(join(root, 'old'));
  for (let version = 0; version < 40; version++) expect(await record.swap(version, version)).toBe(true);
  const folder = join(root, 'old');
  for (const name of await readdir(folder)) await utimes(join(folder, name), 0, 0);
  expect(await record.swap(40, 40)).toBe(true);
  for (const version of [0, 5, 40, 42]) expect(await record.swap(version, -1)).toBe(false);
  expect(await record.read()).toEqual({ number: 41, value: 40 });
  expect((await readdir(folder)).length).toBeLessThan(20);
});

test('counts exactly when processes increment it at once', async () => {
  const folder = join(root, 'counter');
  const increments = 40;
  const program = `
    const { createVersionedRecord } = require(${JSON.stringify(join(__dirname, '../../../sidecar/local/machine/versions'))});
    const record = createVersionedRecord(${JSON.stringify(folder)});
    (async () => {
      for (let done = 0; done < ${increments}; ) {
        const { number, value = 0 } = await record.read();
        if (await record.swap(number, value + 1)) done++;
      }
    })();`;
  const exits = [1, 2, 3].map(() => {
    const child = spawn(process.execPath, ['--import', 'tsx', '-e', program], { stdio: 'inherit' });
    return once(child, 'exit');
  });
  expect((await Promise.all(exits)).map(([code]) => code as number)).toEqual([0, 0, 0]);
  const { value } = await createVersionedRecord<number>(folder).read();
  expect(value).toBe(3 * increments);
}, 30_000);
