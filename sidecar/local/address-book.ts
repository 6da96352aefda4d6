import { mkdir, rename, rm, writeFile } from 'node:fs/promises';

import * as z from 'zod';

import type { AddressBook } from '../edges';
import { readMemoryFile } from '../home/memory-file';
import type { Address } from '../view';
import { layout } from './layout';

const addressSchema = z.object({ ip: z.string(), client: z.int(), bus: z.int(), agent: z.int() });

/**
 * Addresses from files that stand in for a name server: `ROOT/addresses/NODE.json`, there as long as the pod is.
 *
 * @param root the folder of the local database
 */
export function createLocalAddressBook({ root }: { readonly root: string }): AddressBook {
  return {
    locate: ({ name }) =>
      new Promise((resolve) => {
        const text = readMemoryFile(layout.address(root, name));
        resolve(text === undefined ? undefined : addressSchema.parse(JSON.parse(text)));
      }),
  };
}

/** Makes a node's address known. Readers see a whole file or none. */
export async function publishAddress(root: string, node: string, address: Address): Promise<void> {
  await mkdir(layout.addresses(root), { recursive: true });
  const file = layout.address(root, node);
  await writeFile(`${file}.new`, JSON.stringify(address));
  await rename(`${file}.new`, file);
}

/** Forgets a node's address: its pod is gone. */
export const withdrawAddress = (root: string, node: string): Promise<void> =>
  rm(layout.address(root, node), { force: true });
