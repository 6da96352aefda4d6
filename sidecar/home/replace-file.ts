import { rename, writeFile } from 'node:fs/promises';

/** Writes a file for this user alone. Readers see the old one or the new one, never half of it. */
export async function replaceFile(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
