import { formatBytes } from '../status/table';
import type { Backup, Catalog } from './catalog';

const titles = ['BACKUP', 'STARTED', 'SHARDS', 'SIZE', 'CAUSE', 'STATE'];

/** The backups for people, a line each. Ends with a line break. */
export function renderCatalog({ backups, unreadable }: Catalog, where: string): string {
  if (backups.length + unreadable.length === 0) return `there is no backup in ${where}\n`;
  const lines = [
    titles,
    ...backups.map(cellsOf),
    ...unreadable.map(({ name, why }) => [name, '-', '-', '-', '-', `not understood: ${why}`]),
  ];
  const widths = titles.map((_, column) => Math.max(...lines.map((cells) => cells[column]!.length)));
  return lines
    .map(
      (cells) =>
        `${cells
          .map((cell, i) => cell.padEnd(widths[i]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function cellsOf({ name, manifest, damage }: Backup): string[] {
  const { startedAt, shards, cause, schedule } = manifest;
  const bytes = shards.reduce((sum, shard) => sum + shard.bytes, 0);
  const state = damage === undefined ? 'whole' : `damaged: ${damage}`;
  return [name, startedAt, `${shards.length}`, formatBytes(bytes), schedule ?? cause, state];
}
