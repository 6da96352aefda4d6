import type { DatabasePlan, Plan } from './change';
import { detailsOf, headline, titles } from './details';
import { effectsOf, nameOf } from './text';

/** The plan as a comment on a pull request. */
export function planAsMarkdown({ databases }: Plan): string {
  const changed = databases.filter((database) => database.effect !== 'nothing');
  const same = databases.filter((database) => database.effect === 'nothing').map((one) => code(nameOf(one)));
  const blocks = [
    `### Databases: ${headline(databases.flatMap(effectsOf))}`,
    ...changed.map(databaseAsMarkdown),
    ...(same.length > 0 ? [`Nothing changes: ${same.join(', ')}`] : []),
  ];
  return blocks.join('\n\n') + '\n';
}

const databaseAsMarkdown = (database: DatabasePlan): string =>
  [
    `#### ${code(nameOf(database))}: ${headline(effectsOf(database))}`,
    '',
    ...database.changes.flatMap((change) => [
      `- **${titles[change.effect]}**: ${plain(change.what)}`,
      ...detailsOf(change).map((line) => `  - ${plain(line)}`),
    ]),
  ].join('\n');

const code = (text: string): string => `\`${text.replaceAll('`', "'")}\``;

/** What a file says must not format the comment, link, or call somebody by name. */
const plain = (text: string): string => text.replace(/[\\`*_{}[\]<>#|~]/g, '\\$&').replace(/@/g, '@\u200b');
