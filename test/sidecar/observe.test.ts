/** What an agent makes of the answers of many. */
import { createDatabaseObserver } from '../../sidecar/observe';
import type { Server } from '../../sidecar/edges';
import type { AgentReport } from '../../sidecar/view';
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

test('one that does not answer keeps an agent waiting for so long, and what its agent says later counts all the same', async () => {
  let now = 7;
  let answer: (report: AgentReport | undefined) => void = () => undefined;
  const hangs = new Promise<AgentReport | undefined>((resolve) => (answer = resolve));
  const heard: string[] = [];
  const reportOf = (name: string) => copies().nodes.find((node) => node.name === name)!.agent;
  const { observe } = createDatabaseObserver({
    config: () => config,
    book: { locate: ({ name }) => Promise.resolve(addressOf(name)) },
    servers: {
      of: ({ name }) =>
        ({
          look: () => (name === 's0-2' ? new Promise(() => undefined) : Promise.resolve(copyServer(name))),
        }) as Server,
      onLost: () => undefined,
      close: () => undefined,
    },
    peers: { report: ({ name }) => (name === 's0-2' ? hangs : Promise.resolve(reportOf(name))) },
    clock: {
      now: () => now,
      sleep: async (ms) => {
        // What has an answer gets it before.
        await new Promise((resolve) => setImmediate(resolve));
        now = 7 + ms;
      },
    },
    answerMs: () => 250,
    onReport: ({ node }, asked) => heard.push(`${node} ${asked}`),
  });
  const { nodes, tookMs } = await observe();
  expect(tookMs).toBe(250);
  expect(nodes.map(({ server }) => server.state)).toEqual(['up', 'up', 'unreachable']);
  expect(nodes[2]).toMatchObject({ server: { reason: 'no answer within 250 ms' }, silence: { forMs: 250, looks: 1 } });
  expect(nodes[2]!.agent).toBeUndefined();
  answer(reportOf('s0-2'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual(['s0-0 7', 's0-1 7', 's0-2 7']);
});

test('who is gone keeps no look waiting for long, and is given time again once it has answered, be it late', async () => {
  const asked: (() => void)[] = [];
  const patience: number[] = [];
  const { observe } = createDatabaseObserver({
    config: () => config,
    book: { locate: ({ name }) => Promise.resolve(addressOf(name)) },
    servers: {
      of: ({ name }) =>
        ({
          look: () =>
            name === 's0-2'
              ? new Promise((resolve) => asked.push(() => resolve(copyServer(name))))
              : Promise.resolve(copyServer(name)),
        }) as Server,
      onLost: () => undefined,
      close: () => undefined,
    },
    peers: { report: () => Promise.resolve(undefined) },
    clock: {
      now: () => 7,
      sleep: async (ms) => {
        // What has an answer gets it before.
        await new Promise((resolve) => setImmediate(resolve));
        patience.push(ms);
      },
    },
    answerMs: () => 1000,
  });
  const looks = async (): Promise<number> => {
    patience.length = 0;
    await observe();
    return Math.min(...patience);
  };
  expect([await looks(), await looks(), await looks(), await looks()]).toEqual([1000, 1000, 250, 250]);
  asked.at(-1)!();
  await new Promise((resolve) => setImmediate(resolve));
  expect([await looks(), await looks()]).toEqual([1000, 250]);
});
