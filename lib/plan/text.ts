import type { Change, DatabasePlan, Effect, Plan } from './change';
import { detailsOf, headline, titles } from './details';

/** The plan for a terminal. */
export function planAsText({ databases }: Plan): string {
  const changed = databases.filter((database) => database.effect !== 'nothing');
  const same = databases.filter((database) => database.effect === 'nothing').map(nameOf);
  const blocks = [
    ...changed.map(databaseAsText),
    ...(same.length > 0 ? [`nothing changes: ${same.join(', ')}`] : []),
    ...(changed.length > 1 ? [`in all: ${headline(databases.flatMap(effectsOf))}`] : []),
  ];
  return blocks.join('\n\n') + '\n';
}

/** The effect of every change. */
export const effectsOf = ({ changes }: DatabasePlan): Effect[] => changes.map(({ effect }) => effect);

/** `shop/orders` */
export const nameOf = ({ namespace, name }: DatabasePlan): string => (namespace === '' ? name : `${namespace}/${name}`);

const databaseAsText = (database: DatabasePlan): string =>
  [`${nameOf(database)}: ${headline(effectsOf(database))}`, ...database.changes.map(changeAsText)].join('\n');

const changeAsText = (change: Change): string =>
  [`  ${titles[change.effect]}: ${change.what}`, ...detailsOf(change).map((line) => `      ${line}`)].join('\n');
