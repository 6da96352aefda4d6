/** Waits for something to come true; rejects with what it was last where it does not in time. */
export async function until<T>(look: () => T | Promise<T>, holds: (value: T) => boolean, boundMs = 5000): Promise<T> {
  const end = Date.now() + boundMs;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (Date.now() > end) throw new Error(`still not after ${boundMs} ms: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
