import type { AgentConfig } from '../../lib/contract/agent-config';
import { paths } from '../../lib/contract/names';
import type { Passwords } from '../accounts/passwords';
import type { Identity, NodeHome } from '../edges';
import { ownNode } from '../own-node';
import { replicationUserOf } from '../replication-user';
import type { AccountsView } from '../view';
import { readMemoryFile } from './memory-file';
import { createNodeAccounts, type Wanted } from './node-accounts';
import { renderNodeConfig } from './node-config';
import { locate } from './paths';
import { replaceFile } from './replace-file';

/** How long the files that are mounted are taken to be as they were after a look at them. Milliseconds. */
const lookEveryMs = 1000;

/** What the agent writes for the server to read. */
export type NodeFiles = Pick<NodeHome, 'accounts' | 'writeNodeConfig' | 'updateAccounts'>;

/** See {@link NodeHome}. */
export function createNodeFiles(
  home: string,
  identity: Identity,
  readConfig: () => AgentConfig,
  passwords: Passwords,
): NodeFiles {
  const file = locate(home, paths.nodeConfig);
  const nodeAccounts = createNodeAccounts(home, (config) => replicationUserOf(identity.node, config), passwords);
  const inTurn = oneAtATime();
  let seen: { readonly at: number; readonly accounts: AccountsView } | undefined;

  async function write(config: AgentConfig, wanted: Wanted): Promise<void> {
    await nodeAccounts.write(wanted);
    await replaceFile(file, nodeConfigOf(home, identity, config, wanted));
    seen = undefined;
  }

  async function look(config: AgentConfig): Promise<AccountsView> {
    try {
      const wanted = await nodeAccounts.wanted(config);
      const { set, remove } = nodeAccounts.change(wanted);
      const written = readMemoryFile(file) === nodeConfigOf(home, identity, config, wanted);
      const same = set.length === 0 && remove.length === 0 && written;
      return { state: same ? 'current' : 'changed' };
    } catch (error) {
      return { state: 'unclear', reason: (error as Error).message };
    }
  }

  return {
    accounts: () =>
      inTurn(async () => {
        if (!seen || performance.now() - seen.at >= lookEveryMs) {
          seen = { accounts: await look(readConfig()), at: performance.now() };
        }
        return seen.accounts;
      }),
    writeNodeConfig: (config) => inTurn(async () => write(config, await nodeAccounts.wanted(config))),
    updateAccounts: (config, tell) =>
      inTurn(async () => {
        const wanted = await nodeAccounts.wanted(config);
        await tell(nodeAccounts.change(wanted));
        await write(config, wanted);
      }),
  };
}

const nodeConfigOf = (home: string, { node, ip }: Identity, config: AgentConfig, { signIn }: Wanted): string =>
  renderNodeConfig(config, {
    ip,
    host: ownNode(config, node).node.host,
    signIn,
    accountsFile: locate(home, paths.accounts),
    roleFile: locate(home, paths.startRole),
  });

/** Runs what it is given one after the other: files are not replaced by two at once. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
