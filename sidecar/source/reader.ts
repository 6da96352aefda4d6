import type { Duplex } from 'node:stream';

/** Reads what arrives on a connection piece by piece, until the rest is piped on. */
export interface SocketReader {
  /**
   * The next line, without its end.
   *
   * @throws Error where the connection ends first, or no line of the protocol is as long
   */
  line(): Promise<string>;
  /** So many bytes. Rejects where the connection ends first. */
  bytes(count: number): Promise<Buffer>;
  /** What was read too far goes back; nothing may be read through this any more. */
  end(): void;
}

/** No line of a handshake has more. Bytes. */
const longestLine = 64 * 1024;

/** The connection stays paused: nothing is taken from it that nobody has asked for. */
export function createSocketReader(socket: Duplex): SocketReader {
  let rest: Buffer = Buffer.alloc(0);
  let failure: Error | undefined;
  socket.on('error', (error) => (failure = error));

  async function more(): Promise<void> {
    for (;;) {
      const piece = socket.read() as Buffer | null;
      if (piece) {
        rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
        return;
      }
      if (socket.destroyed || socket.readableEnded) throw failure ?? new Error('the connection was closed');
      await somethingHappens(socket);
    }
  }

  function take(count: number): Buffer {
    const taken = rest.subarray(0, count);
    rest = rest.subarray(count);
    return taken;
  }

  return {
    async line() {
      let end: number;
      while ((end = rest.indexOf('\n')) < 0) {
        if (rest.length > longestLine) throw new Error(`a line is longer than ${longestLine} bytes`);
        await more();
      }
      return take(end + 1)
        .toString('latin1')
        .replace(/\r?\n$/, '');
    },
    async bytes(count) {
      while (rest.length < count) await more();
      return take(count);
    },
    end() {
      if (rest.length > 0) socket.unshift(rest);
      rest = Buffer.alloc(0);
    },
  };
}

const signs = ['readable', 'end', 'close', 'error'] as const;

function somethingHappens(socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const sign of signs) socket.off(sign, done);
      resolve();
    };
    for (const sign of signs) socket.on(sign, done);
  });
}
