/** Bytes that arrive in pieces of any size, read as what the protocol makes of them. */
export interface ByteReader {
  /**
   * The next line, without its end.
   *
   * @throws Error where the bytes end first, or no line of the protocol is as long
   */
  line(): Promise<string>;
  /** The next bytes, as many as are there but at most so many; undefined at the end. */
  take(most?: number): Promise<Buffer | undefined>;
}

/** No line that a server sends a replica has more. Bytes. */
const longestLine = 4096;

const empty = Buffer.alloc(0);

/** Reads from where the pieces come from, no sooner than they are wanted. */
export function createByteReader(pieces: AsyncIterable<Buffer>): ByteReader {
  const source = pieces[Symbol.asyncIterator]();
  let rest: Buffer = empty;

  /** @returns false at the end */
  async function more(): Promise<boolean> {
    const next = await source.next();
    if (next.done) return false;
    rest = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
    return true;
  }

  return {
    async line() {
      let end: number;
      while ((end = rest.indexOf('\n')) < 0) {
        if (rest.length > longestLine) throw new Error(`a line is longer than ${longestLine} bytes`);
        if (!(await more())) throw new Error('the server closed the connection');
      }
      const line = rest.toString('latin1', 0, end).replace(/\r$/, '');
      rest = rest.subarray(end + 1);
      return line;
    },
    async take(most = Infinity) {
      while (rest.length === 0) if (!(await more())) return undefined;
      const taken = rest.subarray(0, most);
      rest = rest.subarray(taken.length);
      return taken;
    },
  };
}
