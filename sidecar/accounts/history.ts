import * as z from 'zod';

const record = z.object({
  hash: z.string(),
  /** The newest first; `at` in milliseconds since 1970, when its successor was first seen. */
  replaced: z.array(z.object({ hash: z.string(), at: z.number() })),
});

const history = z.record(z.string(), record);

/** Hashes of the passwords of each user: the one that counts, and those that it took the place of. */
export type History = z.infer<typeof history>;

/** Reads a history; nothing is remembered where the text is none. */
export function parseHistory(text: string): History {
  try {
    return history.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

/**
 * The history after a look at what the passwords are now. Users that are not among them are forgotten.
 *
 * @param hashes of the passwords as they are mounted, by user
 * @param now milliseconds since 1970
 * @param overlapMs for how long a replaced one is kept
 */
export function remember(
  before: History,
  hashes: Readonly<Record<string, string>>,
  now: number,
  overlapMs: number,
): History {
  const entries = Object.entries(hashes).map(([user, hash]) => {
    const { hash: last, replaced } = before[user] ?? { hash, replaced: [] };
    const older = last === hash ? replaced : [{ hash: last, at: now }, ...replaced];
    return [user, { hash, replaced: older.filter((one) => one.hash !== hash && now - one.at < overlapMs) }];
  });
  return Object.fromEntries(entries) as History;
}

/** Every hash with which the user is let in. */
export const acceptedHashes = (known: History, user: string): string[] => {
  const { hash, replaced } = known[user]!;
  return [hash, ...replaced.map((one) => one.hash)];
};
