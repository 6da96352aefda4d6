import type { AgentConfig } from '../lib/contract/agent-config';
import type { BesideSentinel } from './action';
import {
  configure,
  endSentinel,
  monitor,
  permitSentinel,
  redirect,
  sentinelAccounts,
  tidy,
  type SentinelStep,
} from './steps/sentinel/watch';
import type { OwnSentinelView } from './view';

/** What the agent beside a Sentinel does: the first step with something to do wins. */
const steps: readonly SentinelStep[] = [
  endSentinel, // a pod that is ending gets no permit
  permitSentinel,
  sentinelAccounts, // whoever it is to watch has to let it in
  monitor,
  configure,
  redirect, // whom to watch, before who else is listed
  tidy,
];

/** See {@link steps}; in a pause a pod that ends is let go, and nothing else is done. */
export function planSentinel(view: OwnSentinelView, config: AgentConfig): readonly BesideSentinel[] {
  for (const step of view.paused ? [endSentinel] : steps) {
    const actions = step(view, config);
    if (actions.length > 0) return actions;
  }
  return [];
}
