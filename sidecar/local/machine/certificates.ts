import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { tlsFiles } from '../../../lib/contract/names';
import { runProgram } from './run-program';

/** Making keys takes well under a second. */
const opensslTimeoutMs = 30_000;

/** A local database is made anew long before. */
const validDays = '365';

/**
 * Makes an authority and one certificate for all nodes, the files a TLS Secret has.
 *
 * @param folder made where missing; files that are there already are kept
 * @param hosts DNS names that the certificate is good for, besides `localhost` and 127.0.0.1
 * @returns the text of each file of {@link tlsFiles}
 * @throws Error where there is no `openssl`
 */
export async function makeCertificates(folder: string, hosts: readonly string[]): Promise<Record<string, string>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const at = (name: string) => join(folder, name);
  const made = await readFiles(folder).catch(() => undefined);
  if (made) return made;
  const names = ['localhost', ...hosts].map((host) => `DNS:${host}`).join(',');
  await writeFile(at('extensions'), `subjectAltName=${names},IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n`);
  const request = ['req', '-newkey', 'rsa:2048', '-nodes'];
  const authority = ['-keyout', at('ca.key'), '-out', at(tlsFiles.authority), '-subj', '/CN=local authority'];
  await openssl([...request, ...authority, '-x509', '-days', validDays]);
  await openssl([...request, '-keyout', at(tlsFiles.key), '-out', at('request'), '-subj', '/CN=local node']);
  const signer = ['-CA', at(tlsFiles.authority), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', validDays];
  const certificate = ['-in', at('request'), '-extfile', at('extensions'), '-out', at(tlsFiles.certificate)];
  await openssl(['x509', '-req', ...signer, ...certificate]);
  return readFiles(folder);
}

async function readFiles(folder: string): Promise<Record<string, string>> {
  const read = async (name: string) => [name, await readFile(join(folder, name), 'utf8')] as const;
  return Object.fromEntries(await Promise.all(Object.values(tlsFiles).map(read)));
}

async function openssl(args: readonly string[]): Promise<void> {
  const { succeeded, output } = await runProgram('openssl', args, { timeoutMs: opensslTimeoutMs });
  if (!succeeded) {
    throw new Error(`no certificates for this machine: ${output}; install openssl, or use manifests without TLS`);
  }
}
