/** What an agent does to its own server. */
import { act, type Hands } from '../../sidecar/act';
import type { Server } from '../../sidecar/edges';
import type { OwnObserver } from '../../sidecar/observe-own';
import type { Primacy } from '../../sidecar/primacy';
import { closed } from '../../sidecar/steps/replication/floor';
import { addressOf, config, record } from './support/replicated-views';

/** An agent beside `s0-0`, whose name leads to where another server is. */
function createHands(provenMs: number) {
  const told: (readonly [ip: string, floor: number])[] = [];
  const known: string[] = [];
  let proven = provenMs;
  const hands = {
    config: () => config,
    book: { locate: () => Promise.resolve(addressOf('somebody else')) },
    servers: {
      of: (_node: unknown, { ip }: { readonly ip: string }) =>
        ({ roles: { setFloor: (floor: number) => Promise.resolve(void told.push([ip, floor])) } }) as unknown as Server,
    },
    own: {
      report: () => ({ node: 's0-0' }),
      labelled: (...words: unknown[]) => known.push(words.join(' ')),
    } as unknown as OwnObserver,
    ownAddress() {
      proven = Math.min(proven, provenMs - 1000);
      return Promise.resolve(addressOf('s0-0'));
    },
    primacy: {
      view: () => ({ provenMs: proven }),
      record: () => record,
      setOpen: () => undefined,
    } as unknown as Primacy,
  } as unknown as Hands;
  return { hands, told, known };
}

test('the own server is told to take no writes, wherever its name leads', async () => {
  const { hands, told } = createHands(0);
  await act({ do: 'close', node: 's0-0' }, hands);
  expect(told).toEqual([[addressOf('s0-0').ip, closed]]);
});

test('a new primary has its label once all others have lost theirs', async () => {
  const { hands, known } = createHands(0);
  const action = { do: 'label', node: 's0-0', role: 'primary', others: ['s0-1'] } as const;
  const failing = () => Promise.reject(new Error('the API does not answer'));
  const platform = (others: () => Promise<void>) => ({
    labelRole: (name: string) => (name === 's0-0' ? Promise.resolve() : others()),
  });
  await expect(act(action, { ...hands, platform: platform(failing) as unknown as Hands['platform'] })).rejects.toThrow(
    'the API',
  );
  expect(known).toEqual([]);
  await act(action, { ...hands, platform: platform(() => Promise.resolve()) as unknown as Hands['platform'] });
  expect(known).toEqual(['s0-0 primary 4']);
});

test('it is let take writes only while that is proven when it is told, not when it was planned', async () => {
  for (const [provenMs, expected] of [
    [2000, []],
    [2001, [[addressOf('s0-0').ip, 1]]],
  ] as const) {
    const { hands, told } = createHands(provenMs);
    await act({ do: 'open', node: 's0-0', replicas: 1 }, hands);
    expect(told).toEqual(expected);
  }
});
