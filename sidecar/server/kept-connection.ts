import type Redis from 'ioredis';

/** A connection that is opened when first needed, and again after it was lost. */
export interface KeptConnection {
  /** Rejects with why it cannot be opened. */
  readonly open: () => Promise<Redis>;
  /** Gives up one that has failed; the next use opens a new one. */
  readonly drop: (redis: Redis) => void;
  readonly close: () => void;
}

/**
 * Keeps one connection; nothing is opened yet.
 *
 * @param attempts each makes a connection that is not opened, and never opens itself again. The next is for a server that does not
 *   know the password of the last
 * @param boundMs longest time until one is open and signed in
 * @param lost called each time an open connection is lost
 */
export function keepConnection(
  attempts: () => Promise<readonly (() => Redis)[]>,
  boundMs: number,
  lost: () => void,
): KeptConnection {
  let current: Redis | undefined;
  let opening: Promise<Redis> | undefined;

  function drop(redis: Redis): void {
    redis.disconnect();
    // It counts as ready until its other end has closed too, which a server that hangs never does.
    if (current === redis) current = undefined;
  }

  async function connect(): Promise<Redis> {
    if (current) drop(current);
    const made = await attempts();
    for (const make of made.slice(0, -1)) {
      try {
        return await connectAs(make());
      } catch (error) {
        if (!(error as Error).message.startsWith('WRONGPASS')) throw error;
      }
    }
    return connectAs(made.at(-1)!());
  }

  async function connectAs(redis: Redis): Promise<Redis> {
    current = redis;
    let cause: Error | undefined;
    redis.on('error', (error) => (cause = error));
    try {
      await within(boundMs, redis.connect());
    } catch (error) {
      drop(redis);
      throw cause ?? error;
    }
    redis.once('close', lost);
    return redis;
  }

  return {
    async open() {
      if (current?.status === 'ready') return current;
      opening ??= connect().finally(() => (opening = undefined));
      return opening;
    },
    drop,
    close() {
      if (current) drop(current);
    },
  };
}

/** To be let in has bounds of its own, one after the other, and a server that hangs uses up each. */
function within(boundMs: number, opening: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not opened within ${boundMs} ms`)), boundMs);
  });
  return Promise.race([opening, late]).finally(() => clearTimeout(timer));
}
