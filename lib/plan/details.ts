import { effects, type Change, type Effect } from './change';

/** Effects as people read them. */
export const titles: Readonly<Record<Effect, string>> = {
  nothing: 'nothing changes',
  create: 'new',
  live: 'applied live',
  restart: 'rolling restart',
  move: 'data moves',
  volumes: 'volumes grow',
  remove: 'something goes away',
  recreate: 'delete first',
  refused: 'refused',
};

/** Every effect that a reader has to know of, the worst last: `rolling restart, data moves`. */
export function headline(all: readonly Effect[]): string {
  const harmless: readonly Effect[] = ['nothing', 'create', 'live'];
  const serious = effects.filter((effect) => all.includes(effect) && !harmless.includes(effect));
  const shown = serious.length > 0 ? serious : effects.filter((effect) => all.includes(effect) && effect !== 'nothing');
  return shown.length > 0 ? shown.map((effect) => titles[effect]).join(', ') : titles.nothing;
}

/** Lists are cut after so many entries; `--json` has them all. */
const mostShown = 8;

/** Everything a change has to say beside what it is, a line each. */
export function detailsOf({ because, restarts, directives, moves, objects, notes }: Change): string[] {
  return [
    ...cut((because ?? []).map((reason) => `because ${reason}`)),
    ...cut((directives ?? []).map(({ name, old, new: now }) => `${name} ${now ?? ''} (was ${old ?? 'unset'})`)),
    ...cut((restarts ?? []).map(({ set, pods }) => `${set}: ${pods.join(', then ')}`)),
    ...cut((moves ?? []).map(({ from, to, slots }) => `${from} -> ${to}: ${slots} slots`)),
    ...((objects ?? []).length > 0 ? [cut(objects!).join(', ')] : []),
    ...notes,
  ];
}

const cut = (entries: readonly string[]): string[] =>
  entries.length > mostShown
    ? [...entries.slice(0, mostShown - 1), `and ${entries.length - mostShown + 1} more`]
    : [...entries];
