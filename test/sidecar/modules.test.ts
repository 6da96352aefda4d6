/** Modules of the spec that a server has not loaded. */
import { createModuleWatch, findMissing } from '../../sidecar/modules';
import { parseModules } from '../../sidecar/server/modules';
import { clusterConfig } from './support/config';
import { createMemoryLog } from './support/log';
import { cluster, entry, up } from './support/views';

const search = '/modules/search.so';
const json = '/modules/json.so';
const running = up(cluster('a', [entry('a')]));

test('a server says the path of each, or its name alone', () => {
  expect(
    parseModules([
      ['name', 'search', 'ver', 20000, 'path', search, 'args', []],
      ['name', 'json', 'ver', 1],
    ]),
  ).toEqual([{ name: 'search', path: search }, { name: 'json' }]);
  expect(parseModules([])).toEqual([]);
});

test.each([
  [
    'none is',
    [search, json],
    [
      { name: 'search', path: search },
      { name: 'json', path: json },
      { name: 'more', path: '/more.so' },
    ],
    [],
  ],
  ['one is', [search, json], [{ name: 'search', path: search }], [json]],
  ['one is, and no path says which', [search, json], [{ name: 'search' }], [`one of ${search}, ${json}`]],
  ['none is, as far as names can tell', [search], [{ name: 'search' }], []],
  ['all are', [search], [], [search]],
])('%s missing', (_what, wanted, loaded, missing) => {
  expect(findMissing(wanted, loaded)).toEqual(missing);
});

/** A watch beside a server that has loaded nothing, and how often it was asked. */
function given(modules: readonly string[] | undefined, answer = () => Promise.resolve([] as const)) {
  let now = 0;
  let asked = 0;
  const watch = createModuleWatch({
    config: () => clusterConfig(3, 1, modules ? { modules: [...modules] } : {}),
    clock: { now: () => now, sleep: () => Promise.resolve() },
    log: createMemoryLog(),
    server: () =>
      Promise.resolve({
        modules() {
          asked++;
          return answer();
        },
      }),
  });
  return { watch, wait: (ms: number) => (now += ms), asked: () => asked };
}

test('a server is asked once it runs, every 10 s, and again after each start', async () => {
  const { watch, wait, asked } = given([search]);
  expect(await watch({ state: 'absent', reason: 'held' })).toEqual([]);
  expect(await watch({ ...running, loading: true })).toEqual([]);
  expect(asked()).toBe(0);
  expect(await watch(running)).toEqual([search]);
  wait(9999);
  expect(await watch(running)).toEqual([search]);
  expect(asked()).toBe(1);
  wait(1);
  await watch(running);
  expect(asked()).toBe(2);
  await watch({ state: 'absent', reason: 'gone' });
  await watch(running);
  expect(asked()).toBe(3);
});

test('without modules nobody asks', async () => {
  const { watch, asked } = given(undefined);
  expect(await watch(running)).toEqual([]);
  expect(asked()).toBe(0);
});

test('while a server does not say, nothing is said to be missing', async () => {
  const { watch } = given([search], () => Promise.reject(new Error('NOPERM')));
  expect(await watch(running)).toEqual([]);
});
