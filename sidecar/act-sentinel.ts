import type { AgentConfig } from '../lib/contract/agent-config';
import type { BesideSentinel, SentinelAction } from './action';
import type { AddressBook, NodeHome, Sentinel, Sentinels } from './edges';
import { ownNode } from './own-node';

/** What it takes to act on Sentinels. */
export interface SentinelHands {
  readonly config: () => AgentConfig;
  readonly book: AddressBook;
  readonly sentinels: Sentinels;
}

/** What one Sentinel is told; only the agents beside it tell it more than that a primary does not run. */
export async function actOnSentinel(action: SentinelAction, hands: SentinelHands): Promise<void> {
  const sentinel = await sentinelOf(action.node, hands);
  switch (action.do) {
    case 'ask-failover':
      return sentinel.failOver();
    case 'monitor':
      return sentinel.monitor(action.at);
    case 'configure':
      return sentinel.configure();
    case 'redirect': {
      const { as, at, epoch } = action;
      // Without another to hear it from it watches nobody for a moment, and the next look has it watch who is right.
      return as ? sentinel.hear({ from: as.at, id: as.id, primary: at, epoch }) : sentinel.forgetPrimary();
    }
    case 'reset':
      return sentinel.reset();
  }
}

/** Everything that the agent beside a Sentinel does. Rejects with the reason where it could not be done. */
export async function actBesideSentinel(
  action: BesideSentinel,
  hands: SentinelHands & { readonly home: NodeHome; readonly gavePermit: (start: string) => void },
): Promise<void> {
  const { home, config } = hands;
  switch (action.do) {
    case 'wait':
      return;
    case 'permit':
      await home.writeNodeConfig(config());
      await home.permit(action.start, false);
      hands.gavePermit(action.start);
      return;
    case 'set-accounts': {
      const own = await sentinelOf(action.node, hands);
      return home.updateAccounts(config(), (change) => own.setAccounts(change));
    }
    case 'release':
      return home.release(false);
    case 'monitor':
    case 'configure':
    case 'redirect':
    case 'reset':
      return actOnSentinel(action, hands);
  }
}

async function sentinelOf(name: string, { config, book, sentinels }: SentinelHands): Promise<Sentinel> {
  const { node } = ownNode(config(), name);
  const at = await book.locate(node);
  if (!at) throw new Error(`${name} has no address`);
  return sentinels.of(node, at);
}
