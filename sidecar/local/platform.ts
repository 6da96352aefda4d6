import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { parseDrainOrder, renderDrainOrder } from '../drain-order';
import type { Platform } from '../edges';
import { layout } from './layout';
import { createVersionedRecord } from './machine/versions';
import { nobody } from '../record';
import type { PrimaryRecord } from '../view';

interface Lease {
  readonly holder: string;
  readonly durationMs: number;
}

/**
 * What Kubernetes keeps for a database, as files below `ROOT/platform/DATABASE`: the lease, who is primary, the role of each node, who is
 * fenced, the status document, and what was announced.
 *
 * @param root the folder of the local database
 */
export function createLocalPlatform({
  root,
  database,
}: {
  readonly root: string;
  readonly database: string;
}): Platform {
  const folder = layout.platform(root, database);
  const primary = createVersionedRecord<PrimaryRecord>(join(folder, 'primary'));
  const fences = join(folder, 'fenced');
  return {
    ...createLocalLease(folder),
    async readPrimary() {
      const { number, value } = await primary.read();
      return { record: value ?? nobody, version: `${number}` };
    },
    writePrimary: async (record, version) =>
      (await primary.swap(Number(version), record)) ? `${Number(version) + 1}` : undefined,
    labelRole: (node, role) => replace(join(folder, 'roles', node), role),
    ...noKubernetes,
    async readRole(node) {
      const text = await readFile(join(folder, 'roles', node), 'utf8').catch(() => '');
      return text === 'primary' || text === 'replica' ? text : undefined;
    },
    readFence: (node) => Promise.resolve(existsSync(join(fences, node))),
    writeFence: (node, fenced) => mark(join(fences, node), fenced),
    publishStatus: (document) => replace(layout.status(root, database), document),
    disowned: () => Promise.resolve(false),
    async announce(action, sentence) {
      await mkdir(folder, { recursive: true });
      await appendFile(join(folder, 'events.jsonl'), `${JSON.stringify({ action: action.do, sentence })}\n`);
    },
  };
}

/** The lease, and what is told beside it. */
function createLocalLease(folder: string): Pick<Platform, 'readLease' | 'takeLease' | 'writePause' | 'writeDrain'> {
  const lease = createVersionedRecord<Lease>(join(folder, 'lease'));
  const [pause, order] = [join(folder, 'paused'), join(folder, 'drain')];
  return {
    async readLease() {
      const { number, value } = await lease.read();
      const drain = parseDrainOrder(await readFile(order, 'utf8').catch(() => undefined), new Date());
      const version = `${number}`;
      return {
        holder: value?.holder ?? '',
        version,
        renewal: version,
        durationMs: value?.durationMs ?? 0,
        ...(existsSync(pause) ? { paused: true as const } : {}),
        ...(drain ? { drain } : {}),
      };
    },
    takeLease: (holder, durationMs, version) => lease.swap(Number(version), { holder, durationMs }),
    writePause: (paused) => mark(pause, paused),
    async writeDrain(given, forMs = 0) {
      await (given ? replace(order, renderDrainOrder(given, forMs, new Date())) : mark(order, false));
      return true;
    },
  };
}

const noSets = () => Promise.reject(new Error('there are no StatefulSets on one machine'));

/** Nobody makes pods anew here, nothing is rolled out, nobody comes from outside, and a folder is as large as its disk. */
const noKubernetes = {
  readSets: () => Promise.resolve(undefined),
  setPartition: noSets,
  stopRollout: noSets,
  noteTemplate: noSets,
  renewAgent: noSets,
  adoptRevision: noSets,
  approve: noSets,
  deletePod: noSets,
  readOutside: () => Promise.resolve(undefined),
  readConfiguration: () => Promise.resolve(undefined),
  bringConfiguration: () => Promise.resolve(),
  readClaims: () => Promise.resolve([]),
  growVolume: () => Promise.reject(new Error('there are no claims on one machine')),
} satisfies Partial<Platform>;

/** A file that is there or not. */
const mark = (file: string, there: boolean): Promise<void> => (there ? replace(file, '') : rm(file, { force: true }));

/** Readers see the old text or the new one. */
async function replace(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, text);
  await rename(draft, file);
}
