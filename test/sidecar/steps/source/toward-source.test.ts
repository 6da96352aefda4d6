/** When a database follows a primary elsewhere, and when it takes writes of its own. */
import { towardSource, type SourceFacts } from '../../../../sidecar/steps/source/toward-source';
import type { SourceLink } from '../../../../sidecar/view';

const replicaOf = { host: 'old.example', port: 6379, auth: 'off', tls: 'off' } as const;
const name = 'old.example:6379';
const known = { name, port: 7000, offset: 100, history: 'stream' };
const up: SourceLink = { port: 7000, up: true, silentSeconds: 0 };
const away: SourceLink = { port: 7000, up: false, silentSeconds: 3 };

const facts = (link: SourceLink | undefined, rest: Partial<SourceFacts> = {}): SourceFacts => ({
  own: { history: 'stream', priority: 100, floor: 0, keys: 3, ...(link ? { source: link } : {}) },
  offset: 100,
  known,
  noted: undefined,
  empty: false,
  paused: false,
  ...rest,
});
const toward = (...given: Parameters<typeof facts>) => towardSource(facts(...given), { replicaOf });
const apart = (...given: Parameters<typeof facts>) => towardSource(facts(...given), {});

test('data of its own is never given up, and what it follows by mistake it follows no more', () => {
  expect(toward(undefined)).toBeUndefined();
  expect(toward(away)).toEqual({ move: 'lead' });
});

test('without data it takes no writes first, then notes whose data it is to have, and copies nothing before', () => {
  expect(toward(undefined, { empty: true })).toEqual({ move: 'follow', name, port: 7000 });
  expect(toward(away, { empty: true })).toEqual({ move: 'note', name });
  expect(toward(away, { empty: true, noted: name })).toBeUndefined();
  expect(toward(undefined, { empty: true, known: undefined })).toBeUndefined();
});

test('what it has of a source it goes on to follow, over whatever port its agent has by now', () => {
  expect(toward(up, { noted: name })).toBeUndefined();
  expect(toward(undefined, { noted: name })).toEqual({ move: 'follow', name, port: 7000 });
  expect(toward({ ...up, port: 6999 }, { noted: name })).toEqual({ move: 'follow', name, port: 7000 });
});

test('another source is noted once it has gone on with what is there', () => {
  expect(toward(away, { noted: 'other.example:6379' })).toBeUndefined();
  expect(toward(up, { noted: 'other.example:6379' })).toEqual({ move: 'note', name });
});

test('it leads when the spec names nobody: with every write until then, and noted before it takes one', () => {
  const asking = { ...known, parting: 'asking' } as const;
  const behind = { ...known, parting: 'asked', offset: 101 } as const;
  const waits = { move: 'wait', why: `copying what ${name} had written until now` };
  expect(apart(up, { noted: name, known: asking })).toEqual(waits);
  expect(apart(up, { noted: name, known: behind })).toEqual(waits);
  expect(apart(up, { noted: name, known: { ...behind, offset: 100 } })).toEqual({ move: 'note' });
  expect(apart(up, { noted: name, known: { ...behind, parting: 'over' } })).toEqual({ move: 'note' });
  expect(apart(away, { noted: name, known: behind })).toEqual({ move: 'note' });
  expect(apart(up, { known: { ...behind, offset: 100 } })).toEqual({ move: 'lead' });
  expect(apart(undefined)).toBeUndefined();
});

test('in a pause only a new port of its agent is told', () => {
  expect(apart(away, { noted: name, paused: true })).toBeUndefined();
  expect(toward(undefined, { noted: name, paused: true })).toBeUndefined();
  expect(toward({ ...up, port: 6999 }, { noted: name, paused: true })).toMatchObject({ move: 'follow' });
});
