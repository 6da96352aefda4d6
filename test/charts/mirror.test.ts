import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { mirrorFolder } from '../../charts/mirror';

type Files = Readonly<Record<string, string>>;

let root: string;

beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), 'mirror-'));
});

afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(root, { recursive: true });
});

function write(folder: string, files: Files): string {
  const path = join(root, folder);
  fs.mkdirSync(path, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(dirname(join(path, name)), { recursive: true });
    fs.writeFileSync(join(path, name), text);
  }
  return path;
}

const read = (folder: string): Files => {
  const entries = fs.readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    files.map((file) => [file.slice(join(root, folder).length + 1), fs.readFileSync(file, 'utf8')]),
  );
};

const before: Files = { 'a.yaml': 'old a', 'b.yaml': 'same', 'gone.yaml': 'old', 'gone/deep.yaml': 'old' };
const after: Files = { 'a.yaml': 'new a', 'b.yaml': 'same', 'c.yaml': 'new', 'sub/d.yaml': 'new' };

test('makes one folder what the other is, and says what it changed', () => {
  const target = write('target', before);
  expect(mirrorFolder(write('source', after), target)).toEqual({
    written: ['a.yaml', 'c.yaml', 'sub/d.yaml'],
    removed: ['gone.yaml', 'gone/deep.yaml'],
  });
  expect(read('target')).toEqual(after);
  expect(fs.readdirSync(target).sort()).toEqual(['a.yaml', 'b.yaml', 'c.yaml', 'sub']);
});

test('makes the folder where there is none', () => {
  mirrorFolder(write('source', after), join(root, 'not/yet'));
  expect(read('not/yet')).toEqual(after);
});

test('does not touch a file that stays the same', () => {
  const target = write('target', before);
  const longAgo = new Date(1_000_000_000_000);
  fs.utimesSync(join(target, 'b.yaml'), longAgo, longAgo);
  mirrorFolder(write('source', after), target);
  expect(fs.statSync(join(target, 'b.yaml')).mtime).toEqual(longAgo);
});

test('cut short at any step, it leaves every file old or new, and the next time finishes', () => {
  const steps = ['copyFileSync', 'renameSync', 'rmSync'] as const;
  let completed = false;
  for (let allowed = 0; !completed; allowed++) {
    const target = write(`target-${allowed}`, before);
    const source = write(`source-${allowed}`, after);
    let left = allowed;
    for (const step of steps) {
      const real = fs[step] as (...args: unknown[]) => void;
      jest.spyOn(fs, step).mockImplementation((...args: unknown[]) => {
        if (left-- === 0) throw new Error('cut short');
        real(...args);
      });
    }
    try {
      mirrorFolder(source, target);
      completed = true;
    } catch (error) {
      expect((error as Error).message).toBe('cut short');
    }
    jest.restoreAllMocks();
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    const found = read(`target-${allowed}`);
    for (const name of names) expect([before[name], after[name]]).toContain(found[name]);
    mirrorFolder(source, target);
    expect(read(`target-${allowed}`)).toEqual(after);
    expect(allowed).toBeLessThan(20);
  }
});
