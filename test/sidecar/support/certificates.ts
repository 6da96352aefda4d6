import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { tlsFiles } from '../../../lib/contract/names';

/** An empty folder of its own. */
export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'keyspace-test-'));

const openssl = (folder: string, ...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate authority of its own. @returns its folder */
export function makeAuthority(): string {
  const folder = temporaryFolder();
  openssl(folder, 'req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=test', '-days', '2');
  return folder;
}

/**
 * A certificate for both ends of a connection.
 *
 * @param names as in a subjectAltName: `DNS:localhost`, `IP:::1`
 * @returns a folder with {@link tlsFiles}
 */
export function makeCertificate(authority: string, ...names: string[]): string {
  const folder = join(authority, `certificate-${names.join('-').replace(/\W/g, '')}-${Date.now()}`);
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'extensions'),
    `subjectAltName=${names.join(',')}\nextendedKeyUsage=serverAuth,clientAuth\n`,
  );
  openssl(folder, 'req', ...newKey, '-keyout', tlsFiles.key, '-out', 'request', '-subj', '/CN=test');
  const signer = ['-CA', '../ca.crt', '-CAkey', '../ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'extensions'];
  openssl(folder, 'x509', '-req', '-in', 'request', '-out', tlsFiles.certificate, ...signer);
  execFileSync('cp', ['../ca.crt', tlsFiles.authority], { cwd: folder });
  return folder;
}
