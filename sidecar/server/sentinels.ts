import type Redis from 'ioredis';

import type { AgentConfig, NodeConfig } from '../../lib/contract/agent-config';
import type { AccountChange } from '../accounts/account';
import type { Passwords } from '../accounts/passwords';
import { sentinelSignIn } from '../accounts/sign-in';
import type { Announcement, Sentinel, Sentinels } from '../edges';
import { sentinelId } from '../sentinel-id';
import type { Address, Place, WatchView } from '../view';
import { boundMs, connection, credentialsInTurn } from './connection';
import { keepConnection } from './kept-connection';
import { parseWatch } from './watch-reply';

/** Sentinels reached through ioredis, one connection each, opened when first needed and again after it was lost. */
export function createSentinels(readConfig: () => AgentConfig, home: string, passwords: Passwords): Sentinels {
  const known = new Map<string, { readonly place: string; readonly sentinel: Sentinel & { close(): void } }>();
  return {
    of(node, at) {
      const place = `${at.ip} ${at.client}`;
      const last = known.get(node.name);
      if (last?.place === place) return last.sentinel;
      last?.sentinel.close();
      const sentinel = createSentinel({ readConfig, home, passwords }, node, at);
      known.set(node.name, { place, sentinel });
      return sentinel;
    },
    close() {
      for (const { sentinel } of known.values()) sentinel.close();
      known.clear();
    },
  };
}

interface Access {
  readonly readConfig: () => AgentConfig;
  readonly home: string;
  readonly passwords: Passwords;
}

/** Sentinels know failures of the kind that a server has; a name that they do not watch is none. */
const watchesNobody = /No such master/i;

function createSentinel({ readConfig, home, passwords }: Access, node: NodeConfig, at: Address) {
  const attempts = async () => {
    const config = readConfig();
    const turns = await credentialsInTurn(config, passwords);
    return turns.map((credentials) => () => connection(config, home, { node, at }, credentials));
  };
  const { open, drop, close } = keepConnection(attempts, boundMs, () => undefined);
  const send = async (...commands: [string, ...(string | number)[]][]) => {
    const redis = await open();
    await Promise.all(commands.map((command) => redis.call(...command)));
  };
  const master = () => readConfig().sentinel!.master;

  return {
    async look(): Promise<Awaited<ReturnType<Sentinel['look']>>> {
      let used: Redis | undefined;
      try {
        used = await open();
        const watch = await look(used, master(), sentinelId(readConfig(), node.name));
        return { state: 'up', reason: '', ...(watch ? { watch } : {}) };
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (used) drop(used);
        return { state: code === 'ECONNREFUSED' ? 'absent' : 'unreachable', reason: message || String(code) };
      }
    },
    async monitor({ ip, client }: Place) {
      const settings = await settingsOf(readConfig(), passwords);
      const { master: name, quorum } = readConfig().sentinel!;
      // In one go: it connects to whom it watches a moment later, and is to know how to sign in by then.
      await send(['SENTINEL', 'MONITOR', name, ip, client, quorum], ...settings);
    },
    configure: async () => send(...(await settingsOf(readConfig(), passwords))),
    async setAccounts({ set, remove, signIn }: AccountChange) {
      await send(
        ...set.map(({ name, rules }): [string, ...string[]] => ['ACL', 'SETUSER', name, 'reset', ...rules]),
        ...(remove.length > 0 ? [['ACL', 'DELUSER', ...remove] as [string, ...string[]]] : []),
        ['SENTINEL', 'CONFIG', 'SET', 'sentinel-user', signIn.user],
        ['SENTINEL', 'CONFIG', 'SET', 'sentinel-pass', signIn.password],
      );
      const watches = await (await open()).call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', master());
      if (watches !== null) await send(...(await settingsOf(readConfig(), passwords)));
    },
    hear: (announcement: Announcement) => send(['PUBLISH', '__sentinel__:hello', renderHello(master(), announcement)]),
    forgetPrimary: () => send(['SENTINEL', 'REMOVE', master()]),
    reset: () => send(['SENTINEL', 'RESET', master()]),
    failOver: () => send(['SENTINEL', 'FAILOVER', master()]),
    close,
  };
}

/** What a Sentinel sends each second by a channel of every server, and what makes it follow one that knows more: `sentinelSendHello`. */
const renderHello = (master: string, { from, id, primary, epoch }: Announcement): string =>
  [from.ip, from.client, id, epoch, master, primary.ip, primary.client, epoch].join(',');

async function settingsOf(config: AgentConfig, passwords: Passwords): Promise<[string, ...(string | number)[]][]> {
  const { master, quorum, failoverTimeoutMs, parallelSyncs } = config.sentinel!;
  const { user, password } = sentinelSignIn(config, (await passwords())?.inTurn[0]);
  const settings: [string, ...(string | number)[]][] = [
    ['auth-user', user],
    ['auth-pass', password],
    ['quorum', quorum],
    ['down-after-milliseconds', config.nodeTimeoutMs],
    ['failover-timeout', failoverTimeoutMs],
    ['parallel-syncs', parallelSyncs],
    // It has every server whose role it changes write its configuration file, which is Git's: said to `PING`, that does nothing.
    ['rename-command', 'CONFIG', 'PING'],
  ];
  return settings.map((words) => ['SENTINEL', 'SET', master, ...words]);
}

/** undefined where it watches nobody. Rejects where it is another one than the agents take it for. */
async function look(redis: Redis, master: string, id: string): Promise<WatchView | undefined> {
  const pipeline = redis.pipeline();
  pipeline.call('SENTINEL', 'MYID');
  for (const question of ['MASTER', 'GET-MASTER-ADDR-BY-NAME', 'REPLICAS', 'SENTINELS']) {
    pipeline.call('SENTINEL', question, master);
  }
  const [own, ...replies] = ((await pipeline.exec()) ?? []) as [Error | null, unknown][];
  if (own?.[0]) throw own[0];
  if (own?.[1] !== id) throw new Error('another Sentinel answers at its address');
  const [error] = replies.flatMap(([failure]) => failure ?? []);
  if (error && watchesNobody.test(error.message)) return undefined;
  if (error) throw error;
  return parseWatch(replies.map(([, reply]) => reply));
}
