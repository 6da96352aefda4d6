import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';

import { tlsFiles } from '../../lib/contract/names';
import { createMounted } from '../mounted';

/** A node's certificate, good for both ends of a connection. */
export interface Certificate {
  /** PEM. `ca` is the only authority that is trusted. */
  readonly files: { readonly cert: string; readonly key: string; readonly ca: string };
  readonly context: SecureContext;
}

/**
 * The certificate in a folder of {@link tlsFiles}.
 *
 * @returns the newest one; the same object as long as the files are the same
 */
export function createCertificate(folder: string): () => Promise<Certificate> {
  const { certificate, key, authority } = tlsFiles;
  const files = [certificate, key, authority].map((name) => join(folder, name));
  return createMounted(files, (contents) => {
    const [cert, key, ca] = contents as [string, string, string];
    // Throws where key and certificate do not belong together: one of them was read before a swap and one after.
    const context = createSecureContext({ cert, key, ca, minVersion: 'TLSv1.2' });
    return { files: { cert, key, ca }, context };
  });
}
