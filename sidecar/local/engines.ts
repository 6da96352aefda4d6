import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { compareVersions, engines, type Engine, type EngineName } from '../../lib/contract/engines';
import { cacheFolder, fetchedServer, fetchServer } from './machine/fetch-server';
import { runProgram } from './machine/run-program';

/** A server asked about itself answers at once; one that does not is broken. */
const probeTimeoutMs = 10_000;

/** A database server's executable on this machine. */
export interface LocalServer {
  readonly file: string;
  /** What the executable says it is. */
  readonly engine: Engine;
}

/** Where to look for a server. */
export interface Surroundings {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Fetches a Valkey server into the folder and gives its path; rejects with the reason. */
  readonly fetch: (folder: string) => Promise<string>;
}

/**
 * Finds a server for the engine: the one named by `KEYSPACE_SERVER`, else one on the PATH, else one fetched before, else
 * one fetched now (Valkey only, without root).
 *
 * @throws Error that says what to install where there is none, or where the named one is another engine or too old
 */
export async function findServer(
  wanted: Engine,
  { env, fetch }: Surroundings = { env: process.env, fetch: (folder) => fetchServer(folder) },
): Promise<LocalServer> {
  if (env.KEYSPACE_SERVER) return suitable(await identify(env.KEYSPACE_SERVER), wanted);
  const onPath = await findOnPath(engines[wanted.name].server, env.PATH ?? '');
  if (onPath !== undefined) {
    const server = await identify(onPath);
    if (whyUnsuitable(server, wanted) === undefined) return server;
  }
  if (wanted.name !== 'valkey') throw new Error(`no ${describe(wanted)} server: ${advice(wanted.name)}`);
  const folder = cacheFolder(env);
  const fetched = fetchedServer(folder);
  if (await isExecutable(fetched)) return suitable(await identify(fetched), wanted);
  const file = await fetch(folder).catch((error: unknown) => {
    throw new Error(
      `no ${describe(wanted)} server, and none can be fetched: ${(error as Error).message}; ${advice('valkey')}`,
    );
  });
  return suitable(await identify(file), wanted);
}

/**
 * Asks an executable what it is.
 *
 * @throws Error where it cannot be run or is no server this project knows
 */
export async function identify(file: string): Promise<LocalServer> {
  const { succeeded, output } = await runProgram(file, ['--version'], { timeoutMs: probeTimeoutMs });
  if (!succeeded) throw new Error(`server "${file}" cannot be run: ${output}`);
  const [, word = '', version] = /^(\w+) server .*?\bv=(\d+\.\d+)/i.exec(output) ?? [];
  const name = word.toLowerCase();
  if (version === undefined || !isEngine(name)) {
    throw new Error(
      `server "${file}" says it is "${output}", not one of ${Object.keys(engines).join(', ')}; name another in KEYSPACE_SERVER`,
    );
  }
  return { file, engine: { name, version } };
}

/** Whether the server was built with TLS. It is made to fail either way, and the two failures differ. */
export async function supportsTls(file: string): Promise<boolean> {
  const cwd = await mkdtemp(join(tmpdir(), 'keyspace-probe-'));
  const { output } = await runProgram(file, ['--port', '0', '--tls-port', '1'], { timeoutMs: probeTimeoutMs, cwd });
  await rm(cwd, { recursive: true, force: true });
  return output.includes('tls-cert-file');
}

const isEngine = (name: string): name is EngineName => Object.hasOwn(engines, name);

const describe = ({ name, version }: Engine): string => `${name} ${version}`;

function suitable(server: LocalServer, wanted: Engine): LocalServer {
  const reason = whyUnsuitable(server, wanted);
  if (reason !== undefined) throw new Error(`${reason}; ${advice(wanted.name)}`);
  return server;
}

/** A newer version of the engine does what an older one does; the other way round directives and commands are missing. */
function whyUnsuitable({ file, engine }: LocalServer, wanted: Engine): string | undefined {
  if (engine.name === wanted.name && compareVersions(engine.version, wanted.version) >= 0) return undefined;
  return `the manifests ask for ${describe(wanted)}, and "${file}" is ${describe(engine)}`;
}

function advice(name: EngineName): string {
  const install: Readonly<Record<EngineName, string>> = {
    valkey: 'apt-get install valkey-server (Debian 13, Ubuntu 24.10) or brew install valkey (macOS)',
    redis: 'apt-get install redis-server (Debian, Ubuntu) or brew install redis (macOS)',
    keydb: 'see https://docs.keydb.dev/docs/download',
  };
  return `install one (${install[name]}) or name your own in the environment variable KEYSPACE_SERVER`;
}

async function findOnPath(name: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, name);
    if (folder !== '' && (await isExecutable(file))) return file;
  }
  return undefined;
}

const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
