import { createHash } from 'node:crypto';

import { fieldManager } from '../../lib/contract/names';
import type { Action } from '../action';

/** The pod an event is about, and the one that tells of it. */
export interface EventParties {
  readonly namespace: string;
  readonly pod: string;
  /** Without it `kubectl describe pod` does not find the event. */
  readonly podUid?: string;
  readonly reporter: string;
}

/** For how long the same sentence makes one event and not another. */
const sameEventMs = 5 * 60_000;

/** The API takes no longer message: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ */
const maxMessageLength = 1024;

/** A core/v1 Event. Its name follows from what it says, so that an action tried again and again is told once. */
export function renderEvent(action: Action, sentence: string, parties: EventParties, now: Date): object {
  const { namespace, pod, podUid, reporter } = parties;
  const reason = camelCase(action.do);
  const period = Math.floor(now.getTime() / sameEventMs);
  const digest = createHash('sha256').update(`${reason} ${sentence} ${period}`).digest('hex').slice(0, 16);
  const time = now.toISOString().replace(/\.\d+/, '');
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${pod}.${digest}`, namespace },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name: pod, ...(podUid ? { uid: podUid } : {}) },
    type: isWarning(action) ? 'Warning' : 'Normal',
    reason,
    message: sentence.slice(0, maxMessageLength),
    source: { component: fieldManager, host: reporter },
    reportingComponent: fieldManager,
    reportingInstance: reporter,
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
}

/** A failover is the answer to something that went wrong; a handover is not. */
const isWarning = (action: Action): boolean =>
  action.do === 'promote' ||
  (action.do === 'failover' && action.force) ||
  (action.do === 'appoint' && action.from !== '');

/** `assign-slots` becomes `AssignSlots`. */
const camelCase = (words: string): string =>
  words.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase());
