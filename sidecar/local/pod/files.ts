import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { paths } from '../../../lib/contract/names';
import { locate } from '../../home/paths';
import type { Address } from '../../view';
import type { Secrets } from '../machine/secrets';
import type { PodPlan } from './plan';
import { localizeServerConfig, relocate } from './relocate';

/** Every path where something is mounted in the pod. */
export function mountsOf(plan: PodPlan): string[] {
  const folders = Object.keys(plan.files).map((file) => dirname(file));
  return [...new Set([...plan.claims, ...plan.scratch, ...plan.secrets.map((mount) => mount.path), ...folders])];
}

/** Lays out a new pod's files below its folder: claims stay as they are, scratch folders are empty, the rest is as planned. */
export async function writePodFiles(plan: PodPlan, home: string, address: Address, secrets: Secrets): Promise<void> {
  for (const folder of plan.scratch) await rm(locate(home, folder), { recursive: true, force: true });
  for (const folder of [...plan.scratch, ...plan.claims]) await mkdir(locate(home, folder), { recursive: true });
  for (const [path, text] of Object.entries(plan.files)) {
    const isServerConfig = path === paths.serverConfig || path === paths.sentinelConfig;
    const own = isServerConfig ? localizeServerConfig(relocate(text, mountsOf(plan), home), address) : text;
    await put(locate(home, path), own);
  }
  for (const { path, secret, items } of plan.secrets) {
    const content = secrets.get(secret) ?? {};
    for (const item of items ?? Object.keys(content).map((key) => ({ key, path: key }))) {
      await put(locate(home, `${path}/${item.path}`), content[item.key] ?? '');
    }
  }
}

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text, { mode: 0o600 });
}
