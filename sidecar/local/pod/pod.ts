import { containers } from '../../../lib/contract/names';
import type { Address } from '../../view';
import { publishAddress, withdrawAddress } from '../address-book';
import { layout } from '../layout';
import type { Secrets } from '../machine/secrets';
import { environmentOf, type Place } from './environment';
import { mountsOf, writePodFiles } from './files';
import { runHook } from './hook';
import { keepRunning, type Command, type Ending, type KeptProcess } from './kept-process';
import type { PodPlan } from './plan';
import { relocate } from './relocate';
import type { Watchdog } from './watchdog';

/** Which of a pod's two processes. */
export type ContainerName = (typeof containers)[keyof typeof containers];

/** What every pod of a database has around it. */
export interface Machine {
  readonly root: string;
  readonly namespace: string;
  readonly secrets: Secrets;
  /** The agent's program, to which the manifests' arguments are added. */
  readonly agentProgram: readonly string[];
  readonly watchdog: Watchdog;
  /** Called when a process has ended that nobody wanted to end. */
  readonly onCrash: (pod: string, container: ContainerName, ending: Ending) => void;
}

/** A node of the database as processes and files, from start to end. */
export interface Pod {
  readonly name: string;
  readonly shard: string;
  readonly address: Address;
  readonly server: KeptProcess;
  readonly agent: KeptProcess;
  /**
   * Ends the pod as a kubelet does: the server's preStop hook, SIGTERM to the server, then to the agent.
   *
   * @param graceMs how long hook and server may take; after it they are killed
   */
  end(graceMs: number): Promise<void>;
  /** Ends the pod as a loss of power does. */
  lose(): Promise<void>;
}

/** An agent has nothing to save. */
const agentGraceMs = 5_000;

/** Left to a server whose hook has used up the time, as a kubelet leaves it. */
const leastGraceMs = 2_000;

/** Makes a new pod of the plan: new address, empty scratch folders, the claims of the last one. */
export async function startPod(plan: PodPlan, machine: Machine, place: Place, address: Address): Promise<Pod> {
  const { root, watchdog } = machine;
  await writePodFiles(plan, layout.home(root, plan.name), address, machine.secrets);
  await publishAddress(root, plan.name, address);
  const { server: serverCommand, agent: agentCommand, preStop } = commandsOf(plan, machine, place, address);
  let ending = false;
  const hurry = new AbortController();
  const keep = (container: ContainerName, command: Command): KeptProcess =>
    keepRunning(command, watchdog, (end) => {
      if (!ending) machine.onCrash(plan.name, container, end);
    });
  const agent = keep(containers.agent, agentCommand);
  const server = keep(containers.server, serverCommand);
  return {
    name: plan.name,
    shard: plan.shard,
    address,
    server,
    agent,
    async end(graceMs) {
      ending = true;
      const endsAt = Date.now() + graceMs;
      const patience = setTimeout(() => hurry.abort(), graceMs);
      if (preStop && server.pid() !== undefined) await runHook(preStop, watchdog, hurry.signal);
      clearTimeout(patience);
      await server.stop(Math.max(endsAt - Date.now(), leastGraceMs));
      await agent.stop(agentGraceMs);
      await withdrawAddress(root, plan.name);
    },
    async lose() {
      ending = true;
      hurry.abort();
      await Promise.all([server.stop(0), agent.stop(0)]);
      await withdrawAddress(root, plan.name);
    },
  };
}

function commandsOf(plan: PodPlan, machine: Machine, place: Place, address: Address) {
  const { root, namespace, agentProgram } = machine;
  const home = layout.home(root, plan.name);
  const mounts = mountsOf(plan);
  const environment = (container: ContainerName) =>
    environmentOf(plan[container].env, { pod: plan.name, namespace, address, place, bin: layout.bin(root) });
  const command = (container: ContainerName, words: readonly string[], more: Record<string, string> = {}): Command => ({
    command: words.map((word) => relocate(word, mounts, home)),
    env: { ...environment(container), ...more },
    cwd: home,
    logFile: layout.log(root, plan.name, container),
  });
  const { server, agent } = plan;
  return {
    server: command(containers.server, server.command),
    agent: command(containers.agent, [...agentProgram, ...agent.command], {
      KEYSPACE_HOME: home,
      KEYSPACE_LOCAL: root,
    }),
    preStop: server.preStop && command(containers.server, server.preStop),
  };
}
