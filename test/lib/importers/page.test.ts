import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { importers } from '../../../lib/importers';
import type { Importer } from '../../../lib/importers/importer';

const page = readFileSync(join(__dirname, '../../../docs/importing.md'), 'utf8');

/** What the page says of a kind, without its heading. */
const sectionOf = ({ kind, group }: Importer): string | undefined =>
  page.split(/^## /m).find((section) => section.startsWith(`${kind} of ${group}\n`));

/** Fields of a spec by their first names. */
const fieldsOf = ({ table }: Importer): string[] => {
  const names = Object.keys(table).map((pattern) => /^spec\.(\w+)/.exec(pattern)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
};

/** First names of the fields that the rows of a table begin with. */
const rowsOf = (section: string): string[] => {
  const names = [...section.matchAll(/^\| `(\w+)[`.]/gm)].map(([, name]) => name!);
  return [...new Set(names)].sort();
};

test.each(importers.map((importer) => ({ importer, kind: `${importer.kind} of ${importer.group}` })))(
  'the page on importing has a row for every field of $kind, and no other',
  ({ importer }) => {
    const section = sectionOf(importer);
    expect(section).toBeDefined();
    expect(rowsOf(section!)).toEqual(fieldsOf(importer));
  },
);
