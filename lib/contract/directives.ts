import type { Engine } from './engines';
import { changesLive } from './live-directives';

/** The directives of a configuration file by name, each with its values in the order of its lines. */
export function readDirectives(text: string): ReadonlyMap<string, readonly string[]> {
  const directives = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    const [, name, value = ''] = /^\s*([^\s#]+)\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) directives.set(name, [...(directives.get(name) ?? []), value]);
  }
  return directives;
}

/** What a server of this version reads only when it starts: the lines of a configuration file for which it has to be restarted. */
export const linesForStart = (text: string, engine: Engine): string =>
  [...readDirectives(text)]
    .filter(([name]) => !changesLive(engine, name))
    .flatMap(([name, values]) => values.map((value) => `${name} ${value}\n`))
    .join('');
