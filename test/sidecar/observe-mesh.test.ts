/** What the coordinator of a mesh knows beside what every agent sees. */
import { createMeshObserver } from '../../sidecar/observe-mesh';
import type { DatabaseView, Role } from '../../sidecar/view';
import { clusterConfig } from './support/config';
import { linkTo, meshConfig, meshView } from './support/mesh';

function observerOf(
  view: () => DatabaseView,
  readRole: (node: string) => Promise<Role | undefined>,
  config = meshConfig(2),
) {
  let now = 0;
  const observe = createMeshObserver({
    observe: () => Promise.resolve(view()),
    platform: { readRole },
    clock: { now: () => now, sleep: () => Promise.resolve() },
    config: () => config,
  });
  return { observe, pass: (ms: number) => (now += ms) };
}

const nobody = (): Promise<undefined> => Promise.resolve(undefined);

test('how long a node has been silent, and from when it answers nothing any more', async () => {
  let view = meshView([{}, { down: 'unreachable' }]);
  const { observe, pass } = observerOf(() => view, nobody);
  await observe();
  pass(700);
  expect((await observe()).mesh?.silentMs).toEqual({ 's0-1': 700 });
  view = meshView([{}, {}]);
  expect((await observe()).mesh?.silentMs).toEqual({});
});

test('how long links have led to where nobody is', async () => {
  const peer = { host: 'east.example', port: 6380 };
  const links = [linkTo('s0-1'), linkTo('', { host: peer.host, port: peer.port }), linkTo('', { host: '10.9.9.9' })];
  const { observe, pass } = observerOf(() => meshView([{ links }, {}]), nobody, meshConfig(2, { peers: [peer] }));
  await observe();
  pass(500);
  expect((await observe()).mesh?.strayMs).toEqual({ '10.9.9.9:6379': 500 });
});

test('the labels, read once a second', async () => {
  const asked: string[] = [];
  const read = (node: string): Promise<Role | undefined> => {
    asked.push(node);
    return Promise.resolve(node === 's0-1' ? 'primary' : undefined);
  };
  const { observe, pass } = observerOf(() => meshView([{}, {}]), read);
  expect((await observe()).mesh?.roles).toEqual({ 's0-1': 'primary' });
  await observe();
  expect(asked).toEqual(['s0-0', 's0-1']);
  pass(1000);
  await observe();
  expect(asked).toHaveLength(4);
});

test('no labels where the API is away', async () => {
  const { observe } = observerOf(
    () => meshView([{}, {}]),
    () => Promise.reject(new Error('away')),
  );
  expect((await observe()).mesh).toEqual({ silentMs: {}, strayMs: {} });
});

test('nothing of it in another topology', async () => {
  const view: DatabaseView = { nodes: [], strangers: {} };
  expect(await observerOf(() => view, nobody, clusterConfig(1, 1)).observe()).toBe(view);
});
