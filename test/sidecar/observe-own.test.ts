import type { NodeHome, Server } from '../../sidecar/edges';
import { createOwnObserver } from '../../sidecar/observe-own';
import type { DatabaseView, ServerView } from '../../sidecar/view';
import { config } from './local/fixture';

const node = config.shards[0]!.nodes[0]!.name;
const nobody: DatabaseView = { nodes: [], strangers: {} };

/** An observer of a node whose server looks like this. */
function observerOf(server: ServerView) {
  const home: Pick<NodeHome, 'disk' | 'accounts' | 'start' | 'stopping' | 'released'> = {
    disk: () => Promise.resolve({ hasData: false }),
    accounts: () => Promise.resolve({ state: 'current' }),
    start: () => Promise.resolve('a start'),
    stopping: () => Promise.resolve(false),
    released: () => Promise.resolve(false),
  };
  return createOwnObserver({
    config: () => config,
    identity: { node, ip: '127.0.0.1', host: '', zone: '' },
    home: home as NodeHome,
    server: () => Promise.resolve({ look: () => Promise.resolve(server) } as Server),
    database: { observe: () => Promise.resolve(nobody), heard: () => undefined, last: () => undefined },
    platform: { disowned: () => Promise.resolve(false) },
    clock: { now: () => 0, sleep: () => Promise.resolve() },
  });
}

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

  test('that it does not know before it has looked', () => {
    expect(observerOf({ state: 'absent', reason: '' }).report().server).toBe('unknown');
  });
});
