import { imageEffects, olderTag } from '../../../lib/importers/image';
import { buildTree, leavesOf } from '../../../lib/importers/leaves';
import { parseSave } from '../../../lib/importers/snapshots';
import { bytes, cores, flag, memory, wholeNumber, word } from '../../../lib/importers/values';

test.each([
  ['10Gi', '10Gi'],
  ['500M', '500M'],
  [1073741824, '1073741824'],
  ['1.5Gi', '1536Mi'],
  ['1e9', '1000000000'],
  ['2Ei', '2048Pi'],
  ['1G ', '1G'],
  ['0', undefined],
  ['-1Gi', undefined],
  ['1gb', undefined],
  ['much', undefined],
  [true, undefined],
])('%j is %j of bytes', (written, read) => {
  expect(bytes.read(written)).toBe(read);
});

test.each([
  ['2gb', '2Gi'],
  ['512MB', '512Mi'],
  ['100m', '100000000'],
  ['1g', '1000000000'],
  ['1048576', '1Mi'],
  ['1536Mi', '1536Mi'],
  [268435456, '256Mi'],
  ['all', undefined],
])('%j is %j of memory, in the words of an engine or of Kubernetes', (written, read) => {
  expect(memory.read(written)).toBe(read);
});

test.each([
  ['500m', '500m'],
  [0.5, '0.5'],
  [2, '2'],
  ['1e-1', undefined],
  ['1500000u', '1500m'],
  ['250000000n', '250m'],
  ['fast', undefined],
])('%j is %j of cores', (written, read) => {
  expect(cores.read(written)).toBe(read);
});

test('reads whole numbers and switches however they are written', () => {
  expect(['3', 3, 3.0, ' 3 ', 3.5, 'x', true, '1e3'].map(wholeNumber.read)).toEqual([
    3,
    3,
    3,
    3,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect([true, 'True', 'yes', 'off', 0, 'maybe'].map(flag.read)).toEqual([true, true, true, false, false, undefined]);
  expect(word('Equal', 'Exists').read('exists')).toBe('Exists');
});

test.each([
  ['900 1 300 10', [{ afterSeconds: 900, changes: 1 }, { afterSeconds: 300, changes: 10 }]], // prettier-ignore
  ['"60 1000"', [{ afterSeconds: 60, changes: 1000 }]],
  ['""', []],
  ['900', undefined],
  ['often 1', undefined],
])('%j are the snapshots %j', (written, read) => {
  expect(parseSave(written)).toEqual(read);
});

const usual = { engine: 'redis', version: '7.2' } as const;

const serverOf = (image: string, fixed = false) => {
  const effects = imageEffects(image, usual, fixed);
  const valueOf = (field: string) =>
    effects.flatMap((effect) => (effect.kind === 'set' && effect.path[0] === field ? [effect.value] : []))[0];
  const said = effects.filter(({ kind }) => kind !== 'set').length;
  return [valueOf('engine'), valueOf('version'), valueOf('image'), said];
};

test.each([
  ['redis:7.2', 'redis', '7.2', 'redis:7.2', 0],
  ['docker.io/library/redis:7.4.1-alpine', 'redis', '7.4', 'docker.io/library/redis:7.4.1-alpine', 0],
  ['registry:5000/team/valkey:8.1.0', 'valkey', '8.1', 'registry:5000/team/valkey:8.1.0', 0],
  ['eqalpha/keydb:x86_64_v6.3.4', 'keydb', '6.3', 'eqalpha/keydb:x86_64_v6.3.4', 0],
  ['eqalpha/keydb:alpine_arm64_v6.3.1', 'keydb', '6.3', 'eqalpha/keydb:alpine_arm64_v6.3.1', 0],
  ['redis', 'redis', '7.2', undefined, 1],
  ['redis:latest', 'redis', '7.2', undefined, 1],
  ['registry.example/redis:latest', 'redis', '7.2', 'registry.example/redis:7.2', 1],
  ['registry.example/redis:blue', 'redis', '7.2', 'registry.example/redis:blue', 1],
  ['redis:7', 'redis', '7.4', undefined, 1],
  ['registry.example/redis:6.0', 'redis', '6.2', 'registry.example/redis:6.2', 1],
  ['redis:99.1', 'redis', undefined, undefined, 1],
  ['${image}', undefined, undefined, undefined, 1],
])('the image %s is %s %s, and stays %s', (image, ...expected) => {
  expect(serverOf(image)).toEqual(expected);
});

test('keeps a digest, and the engine that alone can be meant', () => {
  const digest = `registry.example/redis@sha256:${'a'.repeat(64)}`;
  expect(serverOf(digest)).toEqual(['redis', '7.2', digest, 1]);
  expect(imageEffects('registry.example/valkey-of-redis:6.3', { engine: 'keydb', version: '6.3' }, true)[0]).toEqual({
    kind: 'set',
    path: ['engine'],
    value: 'keydb',
  });
});

test('tells older tags from newer ones by their numbers', () => {
  expect(olderTag('9.0.10', '9.1.0-alpine')).toBe(true);
  expect(olderTag('9.10.0', '9.9.0')).toBe(false);
  expect(olderTag('9.1', '9.1.1')).toBe(false);
  expect(olderTag('9.0', 'latest')).toBe(false);
  expect(olderTag('9.0', undefined)).toBe(false);
});

test('a tree of leaves is the document they are of', () => {
  const document = { a: 1, b: [{ c: 'x' }, { c: 'y' }], d: { 'e.f': false } };
  expect(buildTree(leavesOf(document))).toEqual(document);
});

test('a block with fields is not emptied by one that says that it is there', () => {
  const leaves = [
    { path: ['a'], value: {} },
    { path: ['a', 'b'], value: 1 },
    { path: ['c'], value: {} },
  ];
  expect(buildTree(leaves)).toEqual({ a: { b: 1 }, c: {} });
  expect(buildTree([...leaves, { path: ['a'], value: 'off' }])).toEqual({ a: 'off', c: {} });
});

test('names that objects have anyway are names like others', () => {
  const document = JSON.parse('{ "__proto__": { "polluted": "yes" }, "constructor": "x" }') as unknown;
  const tree = buildTree(leavesOf(document));
  expect(JSON.stringify(tree)).toBe('{"__proto__":{"polluted":"yes"},"constructor":"x"}');
  expect({}).not.toHaveProperty('polluted');
});
