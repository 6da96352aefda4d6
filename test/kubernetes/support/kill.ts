import { paths, type containers } from '../../../lib/contract/names';
import { helperPod } from './helper-pods';
import { createNamespace } from './namespace';
import type { ServerPod } from './pods';

/** Kills processes of containers as the machine's own kernel would, without a word: `kill -9`. */
export interface Killer {
  /** Kills everything in one container of a pod. */
  readonly kill: (pod: ServerPod, container: keyof typeof containers) => Promise<void>;
  /** Lies in wait and kills everything in the container as soon as the pod has begun to end. @returns resolves when that is done */
  readonly killAtEnd: (pod: ServerPod, container: keyof typeof containers) => Promise<() => Promise<void>>;
  readonly remove: () => Promise<void>;
}

/**
 * Nobody inside a container can kill its first process, so a pod does it that sees the processes of its node. It needs no
 * privileges beyond that: it runs as the same user as its victims.
 */
export async function createKiller(): Promise<Killer> {
  const namespace = await createNamespace('killer', 'privileged');
  let count = 0;

  /** @returns the name of a pod that runs the script on the node */
  async function send(node: string, script: string): Promise<string> {
    const name = `kill-${++count}`;
    const containersOf = [{ name: 'kill', image: 'valkey/valkey:8.1', command: ['sh', '-c', script] }];
    await namespace.create(helperPod({ name, node, containers: containersOf, more: { hostPID: true } }));
    return name;
  }

  const until = (name: string, phase: string): Promise<string> =>
    namespace.kubectl(['wait', `pod/${name}`, `--for=jsonpath={.status.phase}=${phase}`, '--timeout=60s'], {
      boundMs: 65_000,
    });

  async function finish(name: string): Promise<void> {
    await until(name, 'Succeeded');
    await namespace.kubectl(['delete', 'pod', name]);
  }

  return {
    async kill({ node, containerIds }, container) {
      await finish(await send(node, killScript(containerIds[container])));
    },
    async killAtEnd({ node, containerIds }, container) {
      const name = await send(node, killScript(containerIds[container], untilEnding));
      await until(name, 'Running');
      return () => finish(name);
    },
    remove: () => namespace.remove(),
  };
}

/** Fails where there is no such process. Every process has the id of its container in the path of its control group. */
const killScript = (containerId: string, wait = ''): string => `
pids=$(grep -ls '${containerId}' /proc/[0-9]*/cgroup | cut -d/ -f3)
${wait}
test -n "$pids" && kill -9 $pids`;

/** The files of a container are below its processes' own root. */
const untilEnding = `
first=$(echo $pids | cut -d' ' -f1)
until test -e /proc/$first/root${paths.stopping}; do sleep 0.02; done`;
