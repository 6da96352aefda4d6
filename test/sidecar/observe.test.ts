/** What an agent makes of the answers of many. */
import { createDatabaseObserver } from '../../sidecar/observe';
import type { Server } from '../../sidecar/edges';
import { addressOf, config, copies, copyServer } from './support/replicated-views';

test('what an agent says counts from when it arrives, whoever else does not answer', async () => {
  let answer: (server: ReturnType<typeof copyServer>) => void = () => undefined;
  const hangs = new Promise<ReturnType<typeof copyServer>>((resolve) => (answer = resolve));
  const heard: string[] = [];
  const { observe } = createDatabaseObserver({
    config: () => config,
    book: { locate: ({ name }) => Promise.resolve(addressOf(name)) },
    servers: {
      of: ({ name }) => ({ look: () => (name === 's0-2' ? hangs : Promise.resolve(copyServer(name))) }) as Server,
      onLost: () => undefined,
      close: () => undefined,
    },
    peers: { report: ({ name }) => Promise.resolve(copies().nodes.find((node) => node.name === name)!.agent) },
    clock: { now: () => 7, sleep: () => Promise.resolve() },
    onReport: ({ node }, asked) => heard.push(`${node} ${asked}`),
  });
  const looking = observe();
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual(['s0-0 7', 's0-1 7', 's0-2 7']);
  answer(copyServer('s0-2'));
  expect((await looking).nodes).toHaveLength(3);
});
