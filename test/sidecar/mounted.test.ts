import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createMounted } from '../../sidecar/mounted';
import { temporaryFolder } from './support/certificates';
import { until } from './support/until';

/** Files as the kubelet mounts them: links to a link to a folder, so that all change at once. */
function mount(...names: string[]) {
  const folder = temporaryFolder();
  let generation = 0;
  const files = names.map((name) => join(folder, name));
  const swap = (...contents: string[]) => {
    const data = `..generation-${++generation}`;
    mkdirSync(join(folder, data));
    contents.forEach((content, index) => writeFileSync(join(folder, data, names[index]!), content));
    symlinkSync(data, join(folder, '..data.new'));
    renameSync(join(folder, '..data.new'), join(folder, '..data'));
  };
  names.forEach((name, index) => symlinkSync(join('..data', name), files[index]!));
  return { files, swap };
}

test('makes something of the contents once, and again when the files are swapped', async () => {
  const { files, swap } = mount('user', 'password');
  swap('agent', 'old');
  let made = 0;
  const read = createMounted(files, (contents) => `${++made}: ${contents.join(' ')}`);
  expect(await Promise.all([read(), read(), read()])).toEqual(Array(3).fill('1: agent old'));
  swap('agent', 'new');
  expect(await until(read, (value) => value !== '1: agent old')).toBe('2: agent new');
});

test('looks at unchanged files once a second and not with every call', async () => {
  const { files, swap } = mount('token');
  swap('old');
  const read = createMounted(files, ([token]) => token);
  await read();
  await new Promise((resolve) => setTimeout(resolve, 1050));
  expect(await read()).toBe('old');
  swap('new');
  expect(await read()).toBe('old');
  expect(await until(read, (token) => token !== 'old')).toBe('new');
});

test('keeps the last good one while the new files cannot be made into anything', async () => {
  const { files, swap } = mount('number');
  swap('1');
  let refused = 0;
  const read = createMounted(files, ([text]) => {
    if (Number.isNaN(Number(text))) throw new Error(`not a number, time ${++refused}`);
    return Number(text);
  });
  expect(await read()).toBe(1);
  swap('one and a half');
  await until(
    () => read().then(() => refused),
    (times) => times > 0,
  );
  expect(await read()).toBe(1);
  swap('2');
  expect(await until(read, (value) => value === 2)).toBe(2);
});

test('rejects where the files have never been there, and works once they are', async () => {
  const { files, swap } = mount('token');
  const read = createMounted(files, ([token]) => token);
  await expect(read()).rejects.toThrow('ENOENT');
  swap('here now');
  expect(await read()).toBe('here now');
});
