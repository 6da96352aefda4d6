/** What a server answered with: an error, in its words. */
export class Refusal extends Error {}

/** One reply: texts of either kind as bytes, arrays of the same. */
export type Reply = Buffer | number | null | Refusal | readonly Reply[];

/** Puts replies together from what comes in. */
export interface Replies {
  /** The next that is complete. undefined where the rest is still on its way. @throws Error where this is no server of the kind */
  readonly next: () => Reply | undefined;
  readonly add: (bytes: Buffer) => void;
}

/** A reply, and where the next begins. */
type Read = readonly [reply: Reply, end: number] | undefined;

const lineEnd = '\r\n';

/** Source of the format: https://valkey.io/topics/protocol/ (RESP2) */
export function createReplies(): Replies {
  let bytes: Buffer = Buffer.alloc(0);
  let at = 0;
  return {
    add(more) {
      bytes = at === bytes.length ? more : Buffer.concat([bytes.subarray(at), more]);
      at = 0;
    },
    next() {
      const read = readReply(bytes, at);
      if (read) at = read[1];
      return read?.[0];
    },
  };
}

function readReply(bytes: Buffer, at: number): Read {
  const end = bytes.indexOf(lineEnd, at);
  if (end < 0) return undefined;
  const after = end + lineEnd.length;
  const text = (): string => bytes.toString('latin1', at + 1, end);
  switch (bytes[at]!) {
    case 0x2b: // +
      return [bytes.subarray(at + 1, end), after];
    case 0x3a: // :
      return [Number(text()), after];
    case 0x2d: // -
      return [new Refusal(text()), after];
    case 0x24: // $
      return readText(bytes, after, Number(text()));
    case 0x2a: // *
      return readArray(bytes, after, Number(text()));
    default:
      throw new Error('this is no reply of a server');
  }
}

function readText(bytes: Buffer, at: number, length: number): Read {
  if (length < 0) return [null, at];
  const end = at + length;
  return bytes.length < end + lineEnd.length ? undefined : [bytes.subarray(at, end), end + lineEnd.length];
}

function readArray(bytes: Buffer, at: number, length: number): Read {
  if (length < 0) return [null, at];
  const replies: Reply[] = [];
  let from = at;
  while (replies.length < length) {
    const read = readReply(bytes, from);
    if (!read) return undefined;
    replies.push(read[0]);
    from = read[1];
  }
  return [replies, from];
}
