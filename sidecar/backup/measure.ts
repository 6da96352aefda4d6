import { createHash } from 'node:crypto';

/** How much went by, and what it was. */
export interface Measured {
  readonly bytes: number;
  /** SHA-256 of all of it, in hexadecimal. */
  readonly sha256: string;
}

/** Bytes on their way somewhere, measured as they go by. */
export interface Measuring {
  readonly content: AsyncIterable<Buffer>;
  /** Of what has gone by, once all has. */
  readonly result: () => Measured;
}

/** Looks at every byte once, and keeps none. */
export function measure(content: AsyncIterable<Buffer>): Measuring {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* pass(): AsyncGenerator<Buffer> {
    for await (const piece of content) {
      hash.update(piece);
      bytes += piece.length;
      yield piece;
    }
  }
  return { content: pass(), result: () => ({ bytes, sha256: hash.digest('hex') }) };
}
