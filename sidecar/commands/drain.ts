import { prepareSync } from '../before-sync';
import { systemClock } from '../clock';
import { openConfig } from '../config-source';
import { createKubeClient, inClusterServer } from '../kube/client';
import { createRunning } from '../kube/running';

/** How long a drain is waited for. */
export interface DrainOptions {
  /** Seconds without one slot less. */
  readonly patience: number;
}

/** See {@link Patience}. Milliseconds. */
const answerMs = 90_000;
const stuckMs = 600_000;

/** What a process ends with that SIGTERM has ended: the Job makes another pod, and does not call it a failure. */
const toldCode = 143;

/**
 * Waits until the shards that the mounted contract no longer has, and the database that runs has, are drained: run by a Job before a sync.
 *
 * @returns exit code: 0 where nothing that leaves has slots; {@link toldCode} where the signal came first
 * @throws Error that says why they cannot leave now
 */
export async function drainBeforeSync(
  env: NodeJS.ProcessEnv,
  options: DrainOptions,
  signal: AbortSignal,
): Promise<number> {
  const by = env.POD_NAME;
  if (!by) throw new Error('POD_NAME is not set; it names who asks the agents');
  const target = (await openConfig(env.KEYSPACE_HOME ?? '')).current();
  const client = createKubeClient(inClusterServer(env));
  try {
    const ending = await prepareSync({
      running: createRunning({ client, ...target }),
      clock: systemClock,
      target,
      by,
      patience: { answerMs, stuckMs, slotMs: options.patience * 1000 },
      say: (sentence) => void process.stdout.write(`${sentence}\n`),
      signal,
    });
    return ending === 'ready' ? 0 : toldCode;
  } finally {
    client.close();
  }
}
