import type { WriteStream } from 'node:tty';

import type { DatabaseStatus } from '../health';
import { renderStatus } from '../status/table';
import { describeChanges } from './changes';

/** What a person sees. */
export interface Display {
  /** A line that stays. */
  say(sentence: string): void;
  /** How the database is now: a table that is overwritten, or lines for what has changed. */
  show(status: DatabaseStatus): void;
  /** Leaves the last status where it is. */
  close(): void;
}

/** A live table where the stream is a terminal, else plain lines with the seconds since the beginning. */
export async function createDisplay(stream: WriteStream): Promise<Display> {
  return stream.isTTY ? createTable(stream) : createLines(stream);
}

async function createTable(stream: WriteStream): Promise<Display> {
  const { createLogUpdate } = await import('log-update');
  const update = createLogUpdate(stream);
  return {
    say: (sentence) => update.persist(sentence),
    show: (status) => update(`\n${renderStatus(status, stream.columns)}`),
    close: () => update.done(),
  };
}

function createLines(stream: NodeJS.WritableStream): Display {
  const startedAt = Date.now();
  const say = (sentence: string): void => {
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    stream.write(`${seconds.padStart(6)} s  ${sentence}\n`);
  };
  let last: DatabaseStatus | undefined;
  return {
    say,
    show(status) {
      for (const line of describeChanges(last, status)) say(line);
      last = status;
    },
    close: () => undefined,
  };
}
