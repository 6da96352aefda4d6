import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import type { Key } from './key';

/** Headers that carry the proof. */
export const proofHeaders = {
  /** Milliseconds since 1970, when the request was made. */
  time: 'keyspace-time',
  /** 32 hexadecimal digits, never used twice. */
  nonce: 'keyspace-nonce',
  /** Of the request, or of the answer. */
  signature: 'keyspace-signature',
} as const;

/** All that must not be changed on the way, sent to somebody else, or sent again. */
export interface RequestFacts {
  /** Name of the node whose agent is meant. */
  readonly to: string;
  readonly method: string;
  readonly path: string;
  readonly time: string;
  readonly nonce: string;
  readonly body: string;
}

/** An answer belongs to one request, through its nonce. */
export interface AnswerFacts {
  readonly nonce: string;
  readonly status: number;
  readonly body: string;
}

const hash = (body: string): string => createHash('sha256').update(body).digest('hex');

/** What is signed of a request. A JSON array, because no two lists of strings look the same in it. */
export const requestText = ({ to, method, path, time, nonce, body }: RequestFacts): string =>
  JSON.stringify(['request', to, method, path, time, nonce, hash(body)]);

/** What is signed of an answer; never equal to that of a request. */
export const answerText = ({ nonce, status, body }: AnswerFacts): string =>
  JSON.stringify(['answer', nonce, status, hash(body)]);

/** HMAC-SHA256 in hexadecimal. */
export const sign = (key: Key, text: string): string => createHmac('sha256', key).update(text).digest('hex');

/** The key that made the signature, compared in a time that tells nothing; undefined where none did. */
export function findSigner(keys: readonly Key[], text: string, signature: string): Key | undefined {
  const given = Buffer.from(signature);
  return keys.find((key) => {
    const expected = Buffer.from(sign(key, text));
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
}
