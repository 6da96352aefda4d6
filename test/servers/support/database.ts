import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Cluster } from 'ioredis';

import type { DatabaseStatus } from '../../../sidecar/health';
import { connectCluster, credentialsOf } from '../../../sidecar/local/client';
import type { LocalServer } from '../../../sidecar/local/engines';
import { layout } from '../../../sidecar/local/layout';
import { readManifests } from '../../../sidecar/local/manifests';
import type { Pod } from '../../../sidecar/local/pod/pod';
import { startLocalDatabase, type LocalDatabase, type LocalOptions } from '../../../sidecar/local/supervisor';
import { watchDatabase } from '../../../sidecar/local/watch';
import { renderStatus } from '../../../sidecar/status/table';
import { agentBundle } from './bundle';
import { planDatabase, type DatabaseSpec } from './manifests';
import { createConnections } from './recorder/connections';
import { startRecorder, type RecorderOptions, type Write } from './recorder/recorder';
import { verifyWrites } from './recorder/verify';
import { waitFor } from './wait';

/** What to start. */
export interface StartOptions extends DatabaseSpec {
  readonly server: LocalServer;
  /** Where nodes pretend to run. @default nowhere */
  readonly place?: LocalOptions['place'];
  /** Ended after the test, or after the file for what a `beforeAll` starts. @default 'test' */
  readonly lifetime?: 'test' | 'file';
  /** Run instead of what the rest of this describes. @default none */
  readonly manifests?: string;
  /** Called with the database's folder before anything runs there. @default nothing */
  readonly prepare?: (root: string) => void | Promise<void>;
}

/** Real servers and the real agents on this machine, in the hands of a test. */
export interface TestDatabase {
  /** Pods to kill, pause, end and start. */
  readonly local: LocalDatabase;
  /** As an application would have one; disconnected at the end. */
  readonly client: () => Cluster;
  /** One command to the server of one node, without redirects. Rejects with what the server says. */
  readonly ask: (node: string, ...command: [string, ...(string | number)[]]) => Promise<unknown>;
  /** Writes under the test until it is told to stop and verify. */
  readonly record: (options?: Pick<RecorderOptions, 'confirmations' | 'paceMs'>) => Promise<Recording>;
  /** What an agent would say now. */
  readonly status: () => Promise<DatabaseStatus>;
  /** Waits for a status; says what it was, and what the agents said last, when it did not come. */
  readonly until: (
    what: string,
    holds: (status: DatabaseStatus) => boolean | Promise<boolean>,
    boundMs?: number,
  ) => Promise<DatabaseStatus>;
  readonly untilHealthy: (boundMs?: number) => Promise<DatabaseStatus>;
  /** Another spec for the same database, as its user would apply it. Resolves when the new pods run; pods that leave end by themselves. */
  readonly apply: (spec: DatabaseSpec) => Promise<{ readonly ended: Promise<void> }>;
  /** Name of the node that is the shard's primary now. */
  readonly primaryOf: (shard: string) => Promise<string>;
  /** Takes a node's power away and gives it back: the same data at a new address. */
  readonly readdress: (node: string) => Promise<Pod>;
  /** Aborted when the database ends: whoever asks it again and again stops then, whatever became of its test. */
  readonly ended: AbortSignal;
  /** kill -9 of everything; the folder goes too. */
  readonly end: () => Promise<void>;
}

/** Writes that go on while a test breaks things. */
export interface Recording {
  /** So far: writes that count, by default those that a replica has confirmed. */
  readonly confirmed: () => number;
  /** Longest time in which no write to some slot was accepted. Milliseconds. */
  readonly longestSilenceMs: () => number;
  /** Resolves when the last write is over. */
  readonly stop: () => Promise<void>;
  /**
   * Stops, and reads every confirmed write back.
   *
   * @param atLeast fewer writes show nothing; more are waited for @default 1000
   * @throws Error where one is lost
   */
  readonly verify: (atLeast?: number) => Promise<void>;
}

/** Several times what it takes on two slow cores. */
const usualBoundMs = 60_000;

/** Far longer than a shard of a test takes to be drained. */
const drainMs = 120_000;

const running = { test: new Set<TestDatabase>(), file: new Set<TestDatabase>() };

const endAll = (databases: ReadonlySet<TestDatabase>) => Promise.all([...databases].map((database) => database.end()));

afterEach(() => endAll(running.test));
afterAll(() => endAll(running.file));

/** Starts the nodes of a database; nothing is formed yet. Ended at the end of the test, whatever happens. */
export async function startDatabase({
  server,
  place,
  lifetime = 'test',
  manifests,
  prepare,
  ...spec
}: StartOptions): Promise<TestDatabase> {
  const root = await mkdtemp(join(tmpdir(), 'keyspace-servers-'));
  await prepare?.(root);
  const local = await startLocalDatabase({
    plan: manifests === undefined ? planDatabase(server.engine, spec) : readManifests(manifests),
    root,
    server,
    agentProgram: [process.execPath, agentBundle()],
    ...(place ? { place } : {}),
  });
  const watch = await watchDatabase(local);
  const clients: Cluster[] = [];
  const connections = createConnections(credentialsOf(local));
  const recordings: Recording[] = [];
  const ending = new AbortController();

  const until: TestDatabase['until'] = (what, holds, boundMs = usualBoundMs) => {
    let last: DatabaseStatus | undefined;
    const look = async () => ((await holds((last = await watch.look()))) ? last : undefined);
    return waitFor(what, look, boundMs, () => explain(local, last));
  };
  const { topology } = local.plan.config;
  const reader = async () => {
    if (topology === 'cluster') return database.client();
    const primary = await database.primaryOf('server');
    return { get: async (key: string) => (await database.ask(primary, 'GET', key)) as string | null };
  };
  const database: TestDatabase = {
    local,
    client() {
      const client = connectCluster(local);
      clients.push(client);
      return client;
    },
    async ask(node, ...command) {
      const { ip, client } = local.pod(node).address;
      return (await connections.open(`${ip}:${client}`)).call(...command);
    },
    async record(options) {
      const recording = await record(local, reader, options);
      recordings.push(recording);
      return recording;
    },
    status: watch.look,
    until,
    untilHealthy: (boundMs) => until('the database is Healthy', ({ health }) => health === 'Healthy', boundMs),
    apply: (changed) => local.apply(planDatabase(server.engine, { ...spec, ...changed }), drainMs),
    async primaryOf(shard) {
      const { nodes } = await watch.look();
      const owns = ({ slotCount }: { slotCount: number }) => topology !== 'cluster' || slotCount > 0;
      const primary = nodes.find((node) => node.shard === shard && node.role === 'primary' && owns(node));
      if (!primary) throw new Error(`shard ${shard} has no primary now`);
      return primary.name;
    },
    async readdress(node) {
      await local.pod(node).lose();
      return local.start(node);
    },
    ended: ending.signal,
    async end() {
      ending.abort();
      for (const set of Object.values(running)) set.delete(database);
      await Promise.all(recordings.map((recording) => recording.stop()));
      for (const client of clients) client.disconnect();
      connections.close();
      watch.close();
      await local.kill();
      await rm(root, { recursive: true, force: true });
    },
  };
  running[lifetime].add(database);
  return database;
}

async function record(
  local: LocalDatabase,
  reader: () => Parameters<typeof verifyWrites>[0] | Promise<Parameters<typeof verifyWrites>[0]>,
  options: Parameters<TestDatabase['record']>[0],
): Promise<Recording> {
  const writes: Write[] = [];
  const recorder = await startRecorder({
    whole: local.plan.config.topology !== 'cluster',
    seeds: () => local.pods().map(({ address }) => `${address.ip}:${address.client}`),
    credentials: credentialsOf(local),
    acknowledged: (write) => writes.push(write),
    ...options,
  });
  return {
    confirmed: () => writes.length,
    longestSilenceMs: recorder.longestSilenceMs,
    stop: recorder.stop,
    async verify(atLeast = 1000) {
      await waitFor(`${atLeast} confirmed writes`, () => writes.length >= atLeast, usualBoundMs).finally(recorder.stop);
      await verifyWrites(await reader(), writes, atLeast);
    },
  };
}

/** The last status, and what each agent said last. */
function explain({ root, plan }: LocalDatabase, status: DatabaseStatus | undefined): string {
  const said = plan.pods.map(({ name }) => `${name}: ${lastSentences(layout.log(root, name, 'agent'))}`);
  return [status ? renderStatus(status) : 'never seen', ...said].join('\n');
}

function lastSentences(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-3);
  return lines.map((line) => /"msg":"([^"]*)"/.exec(line)?.[1] ?? line).join(' | ');
}
