import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Platform } from '../edges';
import { layout } from './layout';
import { createVersionedRecord } from './machine/versions';

interface Lease {
  readonly holder: string;
  readonly durationMs: number;
}

/**
 * What Kubernetes keeps for a database, as files below `ROOT/platform/DATABASE`: the lease, the role of each node, the
 * status document, and what was announced.
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
  const lease = createVersionedRecord<Lease>(join(folder, 'lease'));
  return {
    async readLease() {
      const { number, value } = await lease.read();
      const version = `${number}`;
      return { holder: value?.holder ?? '', version, renewal: version, durationMs: value?.durationMs ?? 0 };
    },
    takeLease: (holder, durationMs, version) => lease.swap(Number(version), { holder, durationMs }),
    labelRole: (node, role) => replace(join(folder, 'roles', node), role),
    publishStatus: (document) => replace(layout.status(root, database), document),
    disowned: () => Promise.resolve(false),
    async announce(action, sentence) {
      await mkdir(folder, { recursive: true });
      await appendFile(join(folder, 'events.jsonl'), `${JSON.stringify({ action: action.do, sentence })}\n`);
    },
  };
}

/** Readers see the old text or the new one. */
async function replace(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, text);
  await rename(draft, file);
}
