/**
 * Bad days by seed. `KEYSPACE_SEED=17` lives through one of them again and prints what happened; `KEYSPACE_SEEDS=500` through as many.
 */
import { simulate } from './simulate';

jest.setTimeout(600_000);

const { KEYSPACE_SEED, KEYSPACE_SEEDS } = process.env;

/** How many days an ordinary run lives through: about half a minute. */
const usualDays = 80;

const seeds =
  KEYSPACE_SEED === undefined
    ? Array.from({ length: Number(KEYSPACE_SEEDS ?? usualDays) }, (_, index) => index + 1)
    : [Number(KEYSPACE_SEED)];

/** Days in one test, so that a failure names its neighbourhood and progress shows. */
const week = 20;

const weeks = Array.from({ length: Math.ceil(seeds.length / week) }, (_, index) =>
  seeds.slice(index * week, (index + 1) * week),
);

test.each(weeks.map((days) => ({ first: days[0]!, last: days.at(-1)!, days })))(
  'a database keeps its promises on the days $first to $last',
  async ({ days }) => {
    for (const seed of days) {
      const { broken, transcript, acknowledged } = await simulate(seed);
      if (KEYSPACE_SEED !== undefined) console.log(transcript.join('\n'));
      if (broken.length > 0) {
        const story = transcript.slice(-200).join('\n');
        throw new Error(`seed ${seed} (KEYSPACE_SEED=${seed} tells it again): ${broken.join('; ')}\n${story}`);
      }
      // A day on which nobody could write would prove nothing.
      expect(acknowledged).toBeGreaterThan(50);
    }
  },
);
