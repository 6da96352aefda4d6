/**
 * The recorder where a test cannot reach the servers itself, as in a pod:
 *
 *     node recorder.js record FILE             writes until SIGTERM; confirmed writes are appended to FILE
 *     node recorder.js verify FILE AT_LEAST    reads them back; exit 1 where one is lost or they are too few
 *
 * Environment: `SEEDS` as `host:port,host:port`; `PASSWORD` of the user `default`; `TLS` a folder with `ca.crt`, `tls.crt`, `tls.key`;
 * `PACE_MS` pause of each writer after a write; `WHOLE` where every key is on one primary; `MASTER` its name, where `SEEDS` are Sentinels.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Cluster, Redis, type RedisOptions } from 'ioredis';

import { tlsFiles } from '../../../../lib/contract/names';
import { startRecorder, type Write } from './recorder';
import { verifyWrites } from './verify';

const { SEEDS = '', PASSWORD, TLS, PACE_MS = '0', WHOLE, MASTER } = process.env;
const seeds = () => SEEDS.split(',');

const credentials: Pick<RedisOptions, 'password' | 'tls'> = {
  ...(PASSWORD ? { password: PASSWORD } : {}),
  ...(TLS ? { tls: certificates(TLS) } : {}),
};

function certificates(folder: string): NonNullable<RedisOptions['tls']> {
  const { authority, certificate, key } = tlsFiles;
  const read = (name: string) => readFileSync(join(folder, name));
  return { ca: read(authority), cert: read(certificate), key: read(key) };
}

async function record(file: string): Promise<void> {
  const acknowledged = (write: Write) => appendFileSync(file, `${JSON.stringify(write)}\n`);
  const resumed = (silentMs: number, slot: number) =>
    console.log(`${new Date().toISOString()} slot ${slot} takes writes again, after ${Math.round(silentMs)} ms`);
  const recorder = await startRecorder({
    seeds,
    credentials,
    acknowledged,
    resumed,
    paceMs: Number(PACE_MS),
    whole: WHOLE !== undefined,
    ...(MASTER === undefined ? {} : { master: MASTER }),
  });
  console.log('recording');
  await new Promise((resolve) => process.once('SIGTERM', resolve));
  const longestMs = recorder.longestSilenceMs();
  await recorder.stop();
  console.log(`longest time without a write to some slot: ${Math.round(longestMs)} ms`);
}

async function verify(file: string, atLeast: number): Promise<void> {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const writes = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Write);
  const client = connect();
  client.on('error', () => undefined);
  await verifyWrites(client, writes, atLeast);
  console.log(`all ${writes.length} confirmed writes are there`);
}

function connect(): Cluster | Redis {
  if (WHOLE === undefined) return new Cluster(seeds(), { redisOptions: credentials });
  const [host = '', text] = seeds()[0]!.split(':');
  const port = Number(text);
  if (MASTER === undefined) return new Redis({ ...credentials, host, port });
  const signIn = PASSWORD ? { sentinelPassword: PASSWORD } : {};
  return new Redis({ ...credentials, ...signIn, sentinels: [{ host, port }], name: MASTER });
}

const [command, file = '', atLeast = '1000'] = process.argv.slice(2);
(command === 'record' ? record(file) : verify(file, Number(atLeast))).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error((error as Error).message);
    process.exit(1);
  },
);
