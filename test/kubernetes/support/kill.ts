import type { containers } from '../../../lib/contract/names';
import { helperPod } from './helper-pods';
import { createNamespace } from './namespace';
import type { ServerPod } from './pods';

/** Kills processes of containers as the machine's own kernel would, without a word: `kill -9`. */
export interface Killer {
  /** Kills everything in one container of a pod. */
  readonly kill: (pod: ServerPod, container: keyof typeof containers) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/**
 * Nobody inside a container can kill its first process, so a pod does it that sees the processes of its node. It needs no
 * privileges beyond that: it runs as the same user as its victims.
 */
export async function createKiller(): Promise<Killer> {
  const namespace = await createNamespace('killer', 'privileged');
  let count = 0;
  return {
    async kill(pod, container) {
      const name = `kill-${++count}`;
      const command = ['sh', '-c', killScript(pod.containerIds[container])];
      const containersOf = [{ name: 'kill', image: 'valkey/valkey:8.1', command }];
      await namespace.create(helperPod({ name, node: pod.node, containers: containersOf, more: { hostPID: true } }));
      await namespace.kubectl(['wait', `pod/${name}`, '--for=jsonpath={.status.phase}=Succeeded', '--timeout=30s'], {
        boundMs: 35_000,
      });
      await namespace.kubectl(['delete', 'pod', name]);
    },
    remove: () => namespace.remove(),
  };
}

/** Fails where there is no such process. Every process has the id of its container in the path of its control group. */
const killScript = (containerId: string): string => `
pids=$(grep -ls '${containerId}' /proc/[0-9]*/cgroup | cut -d/ -f3)
test -n "$pids" && kill -9 $pids`;
