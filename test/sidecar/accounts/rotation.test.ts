/** Passwords that take each other's place. */
import { acceptedHashes, parseHistory, remember, type History } from '../../../sidecar/accounts/history';
import { takeTurns } from '../../../sidecar/accounts/passwords';

const day = 86_400_000;

const after = (before: History, hash: string, now: number, overlapMs = day) =>
  remember(before, { default: hash }, now, overlapMs);

const accepted = (known: History) => acceptedHashes(known, 'default');

test('a replaced password is accepted until its time is up, counted from when the new one was seen', () => {
  const first = after({}, 'a', 0);
  const second = after(first, 'b', 10 * day);
  expect(accepted(second)).toEqual(['b', 'a']);
  expect(accepted(after(second, 'b', 11 * day - 1))).toEqual(['b', 'a']);
  expect(accepted(after(second, 'b', 11 * day))).toEqual(['b']);
});

test('each of two that were replaced in short order has its own time', () => {
  const third = after(after(after({}, 'a', 0), 'b', 0.2 * day), 'c', 0.7 * day);
  expect(accepted(third)).toEqual(['c', 'b', 'a']);
  expect(accepted(after(third, 'c', 1.3 * day))).toEqual(['c', 'b']);
});

test('one that comes back is the one that counts, and is there once', () => {
  expect(accepted(after(after(after({}, 'a', 0), 'b', 1), 'a', 2))).toEqual(['a', 'b']);
});

test('without overlap nothing is kept, and a shorter one holds at once', () => {
  expect(accepted(after(after({}, 'a', 0), 'b', 1, 0))).toEqual(['b']);
  expect(accepted(after(after(after({}, 'a', 0), 'b', 1), 'b', 1000, 500))).toEqual(['b']);
});

test('users that are no more are forgotten', () => {
  expect(remember({ gone: { hash: 'x', replaced: [] } }, { new: 'y' }, 0, day)).toEqual({
    new: { hash: 'y', replaced: [] },
  });
});

test.each(['', 'half of a fi', '{"default":{"hash":1}}', '[]'])('a file that holds no history, %j, is none', (text) => {
  expect(parseHistory(text)).toEqual({});
});

test('is read as it is written', () => {
  const known = after(after({}, 'a', 0), 'b', 1);
  expect(parseHistory(JSON.stringify(known))).toEqual(known);
});

describe('which password an agent says', () => {
  const seen = [
    { password: 'new', atMs: 1000 },
    { password: 'old', atMs: 0 },
  ];

  test('the old one for half of its time: until then not every node knows the new one', () => {
    expect(takeTurns(seen, 1000, 600)).toEqual({ newest: 'new', inTurn: ['old', 'new'] });
    expect(takeTurns(seen, 1299, 600).inTurn).toEqual(['old', 'new']);
    expect(takeTurns(seen, 1300, 600).inTurn).toEqual(['new', 'old']);
    expect(takeTurns(seen, 1600, 600).inTurn).toEqual(['new']);
  });

  test('the new one at once where the old one does not go on working', () => {
    expect(takeTurns(seen, 1000, 0).inTurn).toEqual(['new']);
  });

  test('the last but one first, when there are more', () => {
    const more = [{ password: 'newer', atMs: 1100 }, ...seen];
    expect(takeTurns(more, 1200, 600).inTurn).toEqual(['new', 'newer', 'old']);
  });
});
