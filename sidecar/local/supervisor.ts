import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import type { AgentConfig } from '../../lib/contract/agent-config';
import { renderAgentConfig } from '../../lib/contract/render-agent-config';
import { engines } from '../../lib/contract/engines';
import { paths } from '../../lib/contract/names';
import { locate } from '../home/paths';
import type { Address } from '../view';
import { supportsTls, type LocalServer } from './engines';
import { layout } from './layout';
import { createPorts, type Ports } from './machine/ports';
import { lockRoot } from './machine/root-lock';
import { gatherSecrets } from './machine/secrets';
import type { DatabasePlan } from './manifests';
import type { Place } from './pod/environment';
import type { Ending } from './pod/kept-process';
import { startPod, type ContainerName, type Machine, type Pod } from './pod/pod';
import { startWatchdog } from './pod/watchdog';

/** What to run, and with what. */
export interface LocalOptions {
  readonly plan: DatabasePlan;
  /** Folder of the database; made where missing, and its data used where not. */
  readonly root: string;
  readonly server: LocalServer;
  /** The agent's program, as `['/usr/bin/node', 'keyspace.js']`. */
  readonly agentProgram: readonly string[];
  /** Where a node pretends to run. @default nowhere: on one machine there is nothing to spread over */
  readonly place?: (node: string) => Place;
  /** Called when a process has ended that nobody wanted to end; it is started again. */
  readonly onCrash?: (node: string, container: ContainerName, ending: Ending) => void;
}

/** A database that runs as processes of this machine. */
export interface LocalDatabase {
  /** What was applied last. */
  readonly plan: DatabasePlan;
  readonly root: string;
  /** The pods that are there, in the order of the contract. */
  readonly pods: () => Pod[];
  /** @throws Error where the node has no pod now */
  readonly pod: (node: string) => Pod;
  /**
   * Makes a node's next pod, with the data of the last one.
   *
   * @param address defaults to one that no pod of this run has had
   */
  readonly start: (node: string, address?: Address) => Promise<Pod>;
  /**
   * Applies a changed plan as a cluster does: agents that run read the new contract, new pods start, and those that are no longer in it
   * end, all at once.
   *
   * @param graceMs how long a pod that ends may take
   * @returns when the new pods have been started, what resolves when the old ones are gone
   */
  readonly apply: (plan: DatabasePlan, graceMs: number) => Promise<{ readonly ended: Promise<void> }>;
  /** Ends every pod as a kubelet does, all at once, and gives everything back but the root folder. */
  readonly stop: (graceMs: number) => Promise<void>;
  /** kill -9 of everything, then as {@link stop}. */
  readonly kill: () => Promise<void>;
}

/** Paths stand in configuration files and shell commands without quotes. */
const plainPath = /^[\w./+@-]+$/;

/**
 * Starts every node of a database.
 *
 * @throws Error where the root folder is in use or has a name that cannot stand in a configuration, or where the manifests
 *   use TLS and the server has none
 */
export async function startLocalDatabase(options: LocalOptions): Promise<LocalDatabase> {
  const { plan, server } = options;
  const root = resolve(options.root);
  if (!plainPath.test(root)) {
    throw new Error(`folder "${root}": only letters, digits and . _ - + @ / can be in its path, choose another`);
  }
  if (plan.config.tls !== 'off' && !(await supportsTls(server.file))) {
    throw new Error(
      `the manifests use TLS, and "${server.file}" was built without: name one with TLS in KEYSPACE_SERVER`,
    );
  }
  const unlock = await lockRoot(root);
  const ports = createPorts();
  const watchdog = startWatchdog();
  const release = async (): Promise<void> => {
    watchdog.close();
    ports.release();
    await unlock();
  };
  const prepared = await prepare(options, root).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  const database = assemble(options, { ...prepared, watchdog }, ports, release);
  const pods = await Promise.allSettled(plan.pods.map((pod) => database.start(pod.name)));
  const failed = pods.find((pod) => pod.status === 'rejected');
  if (!failed) return database;
  await database.kill();
  throw failed.reason;
}

async function prepare(options: LocalOptions, root: string): Promise<Omit<Machine, 'watchdog'>> {
  const { plan, server, agentProgram, onCrash = () => undefined } = options;
  await linkServer(root, server);
  return { root, namespace: plan.config.namespace, secrets: await gatherSecrets(root, plan), agentProgram, onCrash };
}

function assemble(options: LocalOptions, machine: Machine, ports: Ports, release: () => Promise<void>): LocalDatabase {
  const { place = () => ({ host: '', zone: '' }) } = options;
  let { plan } = options;
  const running = new Map<string, Pod>();
  const pods = (): Pod[] => {
    const listed = plan.pods.flatMap(({ name }) => running.get(name) ?? []);
    return [...listed, ...[...running.values()].filter((pod) => !listed.includes(pod))];
  };
  const database: LocalDatabase = {
    get plan() {
      return plan;
    },
    root: machine.root,
    pods,
    pod(node) {
      const pod = running.get(node);
      if (!pod) throw new Error(`node ${node} has no pod now; there are ${[...running.keys()].join(', ') || 'none'}`);
      return pod;
    },
    async start(node, address) {
      const podPlan = plan.pods.find((one) => one.name === node);
      if (!podPlan) throw new Error(`no node "${node}"; there are ${plan.pods.map((one) => one.name).join(', ')}`);
      if (running.has(node)) throw new Error(`node ${node} has a pod already: end it first`);
      const pod = forgetAtEnd(running, await startPod(podPlan, machine, place(node), address ?? (await ports.take())));
      running.set(node, pod);
      return pod;
    },
    async apply(next, graceMs) {
      const leaving = pods().filter(({ name }) => !next.pods.some((pod) => pod.name === name));
      plan = next;
      await Promise.all(pods().map(({ name }) => writeContract(next.config, layout.home(machine.root, name))));
      const fresh = next.pods.filter(({ name }) => !running.has(name));
      await Promise.all(fresh.map(({ name }) => database.start(name)));
      const ends = Promise.all(leaving.map((pod) => pod.end(graceMs)));
      return { ended: ends.then(() => undefined) };
    },
    async stop(graceMs) {
      await Promise.all(pods().map((pod) => pod.end(graceMs)));
      await release();
    },
    async kill() {
      await Promise.all(pods().map((pod) => pod.lose()));
      await release();
    },
  };
  return database;
}

/** The same pod; it is among those that run until it has ended. */
function forgetAtEnd(running: Map<string, Pod>, pod: Pod): Pod {
  const forget = () => {
    if (running.get(pod.name) === tracked) running.delete(pod.name);
  };
  const tracked: Pod = {
    ...pod,
    end: (graceMs) => pod.end(graceMs).finally(forget),
    lose: () => pod.lose().finally(forget),
  };
  return tracked;
}

/** As the kubelet brings a changed ConfigMap to a pod that runs. */
async function writeContract(config: AgentConfig, home: string): Promise<void> {
  const folder = locate(home, paths.agentConfig);
  const files = Object.entries(renderAgentConfig(config));
  for (const [name, text] of files) {
    // Whoever reads it finds the old one or the new one; names that begin with two dots are not read.
    await writeFile(join(folder, `..${name}`), text);
    await rename(join(folder, `..${name}`), join(folder, name));
  }
}

/** The manifests call the server by its usual names: it knows by which whether it is to be a Sentinel. */
async function linkServer(root: string, { file, engine }: LocalServer): Promise<void> {
  await mkdir(layout.bin(root), { recursive: true });
  const { server, sentinel } = engines[engine.name];
  for (const name of [server, sentinel].map((each) => join(layout.bin(root), each))) {
    await rm(name, { force: true });
    await symlink(resolve(file), name);
  }
}
