import type { AgentConfig } from '../../lib/contract/agent-config';
import { paths } from '../../lib/contract/names';
import type { Passwords } from '../accounts/passwords';
import type { Identity, NodeHome } from '../edges';
import { isSentinel, ownNode } from '../own-node';
import { replicationUserOf } from '../replication-user';
import { sentinelId } from '../sentinel-id';
import type { AccountsView, Address } from '../view';
import { readMemoryFile } from './memory-file';
import { createNodeAccounts, type Wanted, type Whose } from './node-accounts';
import { renderNodeConfig, renderSentinelNode } from './node-config';
import { locate } from './paths';
import { replaceFile } from './replace-file';

/** How long the files that are mounted are taken to be as they were after a look at them. Milliseconds. */
const lookEveryMs = 1000;

/** What the agent writes for the server to read. */
export type NodeFiles = Pick<NodeHome, 'accounts' | 'writeNodeConfig' | 'updateAccounts'>;

/** Whose files they are, and what is written into them. */
export interface NodeFilesOptions {
  readonly identity: Identity;
  readonly config: () => AgentConfig;
  readonly passwords: Passwords;
  /** Where everybody else is told that the node is; undefined where its name resolves to nothing. @default nowhere else */
  readonly announced?: () => Promise<Address | undefined>;
}

/** See {@link NodeHome}. */
export function createNodeFiles(
  home: string,
  { identity, config: readConfig, passwords, announced = () => Promise.resolve(undefined) }: NodeFilesOptions,
): NodeFiles {
  const file = locate(home, paths.nodeConfig);
  const nodeAccounts = createNodeAccounts(home, whoseOf(identity.node), passwords);
  const inTurn = oneAtATime();
  const configOf = createConfigOf(home, identity, announced);
  let seen: { readonly at: number; readonly accounts: AccountsView } | undefined;

  async function write(config: AgentConfig, wanted: Wanted): Promise<void> {
    await nodeAccounts.write(wanted);
    await replaceFile(file, await configOf(config, wanted));
    seen = undefined;
  }

  async function look(config: AgentConfig): Promise<AccountsView> {
    try {
      const wanted = await nodeAccounts.wanted(config);
      const { set, remove } = nodeAccounts.change(wanted);
      const written = readMemoryFile(file) === (await configOf(config, wanted));
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

const whoseOf = (node: string): Whose => ({
  userOf: (config) => replicationUserOf(node, config),
  watches: (config) => isSentinel(config, node),
});

/** Whoever has a Service is told its address and not the pod's, which may be another's tomorrow. The last one holds while no resolver answers. */
function createConfigOf(
  home: string,
  { node, ip }: Identity,
  announced: NonNullable<NodeFilesOptions['announced']>,
): (config: AgentConfig, wanted: Wanted) => Promise<string> {
  let place: Address | undefined;
  return async (config, { signIn }) => {
    if (config.sentinel) place = (await announced()) ?? place;
    if (config.sentinel && !place) throw new Error(`the Service of ${node} has no address yet`);
    return (isSentinel(config, node) ? renderSentinelNode : renderNodeConfig)(config, {
      name: node,
      id: sentinelId(config, node),
      ip,
      host: ownNode(config, node).node.host,
      ...(place ? { announced: place } : {}),
      signIn,
      accountsFile: locate(home, paths.accounts),
      roleFile: locate(home, paths.startRole),
    });
  };
}

/** Runs what it is given one after the other: files are not replaced by two at once. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
