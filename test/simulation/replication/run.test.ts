/** Bad days of a primary and its replicas. `KEYSPACE_SEED=17` lives through one of them again and prints what happened. */
import { liveModelDay } from './day';
import { liveFollowingDay } from './following-day';

jest.setTimeout(600_000);

const { KEYSPACE_SEED, KEYSPACE_SEEDS } = process.env;

/** How many days of each kind an ordinary run lives through: about ten seconds of each. */
const usualDays = 20;

const seeds =
  KEYSPACE_SEED === undefined
    ? Array.from({ length: Number(KEYSPACE_SEEDS ?? usualDays) }, (_, index) => index + 1)
    : [Number(KEYSPACE_SEED)];

test.each([
  {
    kind: 'one fault after the other: heals, and keeps every confirmed write',
    live: (seed: number) => liveModelDay(seed, false),
  },
  { kind: 'several at once: no two ever take writes', live: (seed: number) => liveModelDay(seed, true) },
  { kind: 'with a source: follows it, and takes over without losing a write', live: liveFollowingDay },
])('$kind', async ({ live }) => {
  for (const seed of seeds) {
    const { broken, transcript, confirmed } = await live(seed);
    if (KEYSPACE_SEED !== undefined) console.log(transcript.join('\n'));
    if (broken.length > 0) {
      const story = transcript.slice(-150).join('\n');
      throw new Error(
        `seed ${seed} (KEYSPACE_SEED=${seed} tells it again): ${broken.slice(0, 5).join('; ')}\n${story}`,
      );
    }
    // A day on which nobody could write would prove nothing.
    expect(confirmed).toBeGreaterThan(100);
  }
});
