import type { NodeHome, Server } from '../../sidecar/edges';
import { createOwnObserver, type OwnSources } from '../../sidecar/observe-own';
import type { Primacy } from '../../sidecar/primacy';
import type { DatabaseView, ServerView } from '../../sidecar/view';
import { config } from './local/fixture';
import { copies, copyServer, record } from './support/replicated-views';

const node = config.shards[0]!.nodes[0]!.name;
const nobody: DatabaseView = { nodes: [], strangers: {} };

/** An observer of a node whose server looks like this. */
function observerOf(server: ServerView, more: Partial<OwnSources> = {}) {
  const home: Pick<NodeHome, 'disk' | 'accounts' | 'directives' | 'start' | 'stopping' | 'released'> = {
    disk: () => Promise.resolve({ hasData: false }),
    accounts: () => Promise.resolve({ state: 'current' }),
    directives: () => Promise.resolve({ live: [], atStart: [], problems: [] }),
    start: () => Promise.resolve('a start'),
    stopping: () => Promise.resolve(false),
    released: () => Promise.resolve(false),
  };
  return createOwnObserver({
    config: () => config,
    identity: { node, ip: '127.0.0.1', host: '', zone: '' },
    home: home as NodeHome,
    server: () => Promise.resolve({ look: () => Promise.resolve(server) } as Server),
    ownAddress: () => Promise.resolve({ ip: '127.0.0.1', client: 6379, bus: 16379, agent: 8379 }),
    database: { observe: () => Promise.resolve(nobody) },
    platform: { disowned: () => Promise.resolve(false) },
    outside: { view: () => Promise.resolve({}) },
    modules: () => Promise.resolve([]),
    orders: { whyFenced: () => undefined, whyPaused: () => undefined, wished: () => undefined },
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    ...more,
  });
}

test('a label that was given under another primary is not known: that one may have changed it', async () => {
  let epoch = 4;
  const primacy = { view: () => ({}), record: () => ({ ...record, epoch }) } as unknown as Primacy;
  const observer = observerOf(copyServer('s0-0'), { primacy });
  observer.labelled(node, 'primary', 4);
  expect((await observer.observe()).labelledRole).toBe('primary');
  epoch = 6;
  expect((await observer.observe()).labelledRole).toBeUndefined();
});

describe('an agent tells the others', () => {
  test('that its server is held where nothing listens: what it had in memory is gone', async () => {
    const observer = observerOf({ state: 'absent', reason: 'connect ECONNREFUSED' });
    await observer.observe();
    expect(observer.report().server).toBe('held');
  });

  test('that it does not know where its server hangs: its memory may be the last copy', async () => {
    const observer = observerOf({ state: 'unreachable', reason: 'Command timed out' });
    await observer.observe();
    expect(observer.report().server).toBe('unknown');
  });

  test('that it does not know, and nothing of the primary, where its last look was long ago', async () => {
    let now = 0;
    const primacy = { view: () => ({ record }), record: () => record } as unknown as Primacy;
    const observer = observerOf(copyServer('s0-1'), {
      clock: { now: () => now, sleep: () => Promise.resolve() },
      database: { observe: () => Promise.resolve(copies()) },
      primacy,
    });
    await observer.observe();
    now = 4000;
    expect(observer.report()).toMatchObject({ server: 'up', record, primarySilentMs: 0 });
    now = 4001;
    expect(observer.report()).toMatchObject({ server: 'unknown', record });
    expect(observer.report().primarySilentMs).toBeUndefined();
  });

  test('that it does not know before it has looked', () => {
    expect(observerOf({ state: 'absent', reason: '' }).report().server).toBe('unknown');
  });
});
