import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import type * as Sdk from '@aws-sdk/client-s3';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';

import type { S3Config } from '../../lib/contract/agent-config';
import { locate } from '../home/paths';
import type { BackupStore, StoredObject } from './store';

/** S3 takes so many parts of one object: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const mostParts = 10_000;

/** As small as is still quick; each part is held in memory. Bytes. */
const leastPartBytes = 8 * 2 ** 20;

/** Parts of one object on their way at once. */
const partsAtOnce = 2;

/** A snapshot is smaller than the data in memory, which may grow until it is made. */
const growth = 1.5;

/** How long credentials are used before their files are read again. Milliseconds. */
const credentialsMs = 60_000;

/** A bucket, and what it takes to speak of it. */
interface Bucket {
  readonly sdk: typeof Sdk;
  readonly client: S3Client;
  readonly name: string;
  /** What the names of all objects begin with. */
  readonly top: string;
}

/** Bytes of each part of an object, so that all of it fits into as many as there may be. */
export const partBytes = (expectedBytes: number): number =>
  Math.max(leastPartBytes, Math.ceil((expectedBytes * growth) / mostParts));

/**
 * Backups in a bucket. The client is loaded by this call: it has more code than all the rest of the agent, which does without.
 *
 * @param home folder of the agent's files, see `locate`
 * @throws Error where the credentials' folder cannot be read
 */
export async function createS3Store(s3: S3Config, home: string): Promise<BackupStore> {
  const [sdk, { Upload }] = await Promise.all([import('@aws-sdk/client-s3'), import('@aws-sdk/lib-storage')]);
  const client = new sdk.S3Client(await clientOptions(s3, locate(home, s3.credentials)));
  const top = s3.prefix === undefined ? '' : `${s3.prefix}/`;
  const bucket: Bucket = { sdk, client, name: s3.bucket, top };
  const object = (key: string) => ({ Bucket: s3.bucket, Key: top + key });
  const where = `s3://${s3.bucket}/${top}`.replace(/\/$/, '');

  /** A call in words; the library's errors say neither where nor, some of them, what. */
  async function say<T>(what: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      const place = s3.endpoint === undefined ? where : `${where} at ${s3.endpoint}`;
      throw new Error(`cannot ${what} ${place}: ${explain(error)}`, { cause: error });
    }
  }

  return {
    where,
    put: (key, content, expectedBytes) =>
      say(`write "${key}" to`, async () => {
        const params = { ...object(key), Body: Readable.from(content, { objectMode: false }) };
        const options = { partSize: partBytes(expectedBytes), queueSize: partsAtOnce, leavePartsOnError: false };
        await new Upload({ client, params, ...options }).done();
      }),
    get: (key) =>
      say(`read "${key}" from`, async () => {
        const { Body } = await client.send(new sdk.GetObjectCommand(object(key)));
        return Body as Readable;
      }),
    list: (prefix) => say(`list "${prefix}" in`, () => listObjects(bucket, prefix)),
    remove: (key) =>
      say(`remove "${key}" from`, async () => {
        await client.send(new sdk.DeleteObjectCommand(object(key)));
      }),
    abandon: (prefix, before) => say(`end uploads to "${prefix}" in`, () => abandonUploads(bucket, prefix, before)),
    close: () => client.destroy(),
  };
}

async function clientOptions(s3: S3Config, folder: string): Promise<S3ClientConfig> {
  const authority = await readOptional(join(folder, 'ca.crt'));
  const ownStore = s3.endpoint !== undefined;
  return {
    region: s3.region,
    ...(ownStore ? { endpoint: s3.endpoint } : {}),
    forcePathStyle: s3.addressing === 'path',
    credentials: () => readCredentials(folder),
    maxAttempts: 5,
    requestHandler: {
      connectionTimeout: 10_000,
      socketTimeout: 60_000,
      ...(authority === undefined ? {} : { httpsAgent: { ca: authority } }),
    },
    // Checksums of Amazon's newer kind are not understood by every other store; a manifest has one of each object anyway.
    requestChecksumCalculation: ownStore ? 'WHEN_REQUIRED' : 'WHEN_SUPPORTED',
    responseChecksumValidation: ownStore ? 'WHEN_REQUIRED' : 'WHEN_SUPPORTED',
  };
}

async function readCredentials(folder: string) {
  const read = async (file: string) => (await readFile(join(folder, file), 'utf8')).trim();
  const sessionToken = (await readOptional(join(folder, 'sessionToken')))?.trim();
  return {
    accessKeyId: await read('accessKeyId'),
    secretAccessKey: await read('secretAccessKey'),
    ...(sessionToken === undefined ? {} : { sessionToken }),
    expiration: new Date(Date.now() + credentialsMs),
  };
}

async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function listObjects({ sdk, client, name, top }: Bucket, prefix: string): Promise<StoredObject[]> {
  const objects: StoredObject[] = [];
  for await (const { Contents = [] } of sdk.paginateListObjectsV2({ client }, { Bucket: name, Prefix: top + prefix })) {
    for (const { Key, Size = 0, LastModified = new Date(0) } of Contents) {
      if (Key !== undefined) objects.push({ key: Key.slice(top.length), bytes: Size, modifiedAt: LastModified });
    }
  }
  return objects;
}

/** Parts of an object that was never completed cost money, and no list of objects shows them. */
async function abandonUploads({ sdk, client, name, top }: Bucket, prefix: string, before: Date): Promise<void> {
  const command = new sdk.ListMultipartUploadsCommand({ Bucket: name, Prefix: top + prefix });
  const { Uploads = [] } = await client.send(command);
  for (const { Key, UploadId, Initiated = before } of Uploads) {
    if (Initiated > before) continue;
    await client.send(new sdk.AbortMultipartUploadCommand({ Bucket: name, Key, UploadId }));
  }
}

function explain(error: unknown): string {
  const { name, message, code, errors = [] } = error as NodeJS.ErrnoException & { readonly errors?: readonly Error[] };
  const said = [message, ...errors.map((one) => one.message), code ?? name].find((words) => words !== '')!;
  return name === 'Error' || name === 'AggregateError' ? said : `${name}: ${said}`;
}
