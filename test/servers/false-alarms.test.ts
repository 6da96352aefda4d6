/** What looks like a dead server or a dead agent for a moment, and is none: nobody takes over. And failovers in quick succession. */
import { setTimeout as delay } from 'node:timers/promises';

import type { TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { useDatabase } from './support/fixture';
import { tell } from './support/progress';
import { untilWhole } from './support/wholeness';

jest.setTimeout(120_000);

const shard = 'shard-0';

/** How long each lasts; less than the node timeout, which is 5 s. Milliseconds. */
const lastsMs = 3000;

/** What happens to the primary of a shard. */
const alarms: readonly { what: string; raise: (database: TestDatabase, primary: string) => Promise<unknown> }[] = [
  {
    what: 'every connection of a client is closed',
    raise: ({ ask }, primary) => ask(primary, 'CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
  },
  {
    what: 'every connection is closed and none is let in again',
    async raise({ ask }, primary) {
      const [, before] = (await ask(primary, 'CONFIG', 'GET', 'maxclients')) as [string, string];
      await ask(primary, 'CONFIG', 'SET', 'maxclients', 1);
      try {
        await ask(primary, 'CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
        await delay(lastsMs);
      } finally {
        await ask(primary, 'CONFIG', 'SET', 'maxclients', before);
      }
    },
  },
  { what: 'its users are read anew', raise: ({ ask }, primary) => ask(primary, 'ACL', 'LOAD') },
  {
    what: 'its agent hangs',
    async raise({ local }, primary) {
      const { agent } = local.pod(primary);
      agent.pause();
      await delay(lastsMs);
      agent.resume();
    },
  },
];

describe.each(testEngines())('on $label', ({ label, find }) => {
  const fixture = useDatabase(label, async () => ({ server: await find() }));

  /** Who is what, by which process, and how many elections there have been. */
  async function lookAtAll(database: TestDatabase) {
    const accounts = await untilWhole(database);
    const runs = await Promise.all(accounts.map(({ node }) => database.ask(node, 'INFO', 'server')));
    return accounts.map(({ node, self, info }, index) => ({
      node,
      role: self.role,
      epoch: info.get('cluster_current_epoch'),
      run: /^run_id:(\w+)/m.exec(String(runs[index]))?.[1],
    }));
  }

  test.each(alarms)('nobody takes over when $what', async ({ raise }) => {
    const { database } = fixture();
    const before = await lookAtAll(database);
    expect(before.every(({ run }) => run !== undefined)).toBe(true);
    const recording = await database.record();
    await database.until('there are writes', () => recording.confirmed() >= 200);
    await raise(database, await database.primaryOf(shard));
    const reached = recording.confirmed();
    await database.until('writes go on', () => recording.confirmed() >= reached + 200);
    expect(await lookAtAll(database)).toEqual(before);
    await recording.verify();
  });

  test('a shard whose primary is killed three times in a row is whole each time; nothing confirmed is lost', async () => {
    const { database } = fixture();
    const recording = await database.record();
    await database.until('there are writes', () => recording.confirmed() >= 200);
    const began = performance.now();
    for (let count = 0; count < 3; count++) {
      const primary = await database.primaryOf(shard);
      const killed = performance.now();
      await database.local.pod(primary).server.kill();
      await database.until('a replica has taken over', ({ nodes }) =>
        nodes.some((node) => node.shard === shard && node.role === 'primary' && node.name !== primary),
      );
      const tookMs = Math.round(performance.now() - killed);
      await untilWhole(database);
      tell(
        `${label}: ${primary} replaced after ${tookMs} ms, whole after ${Math.round(performance.now() - killed)} ms`,
      );
    }
    tell(`${label}: three failovers within ${Math.round(performance.now() - began)} ms`);
    await recording.verify();
  });
});
