import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

import type { AgentConfig } from '../../lib/contract/agent-config';
import { readDirectives } from '../../lib/contract/directives';
import { paths } from '../../lib/contract/names';
import type { NodeHome } from '../edges';
import { priorityDirective, priorityOf } from '../priority';
import type { DirectivesView } from '../view';
import { compareDirectives, type Directives } from './directive-changes';
import { whereMissing } from './disk';
import { locate } from './paths';
import { replaceFile } from './replace-file';
import { splitWords } from './words';

/** Holds the directives that the running server has by now, as JSON: those of its start, and what it has been told since. */
const toldFile = `${paths.run}/directives.json`;

/** What the server has of its mounted configuration file, and of what the contract says of its node alone. */
export interface ServerDirectives extends Pick<NodeHome, 'directives' | 'updateDirectives'> {
  /** A server is about to start with the file as it is. */
  readonly starts: () => Promise<void>;
}

/** The server said no. Every other error leaves open whether it has heard. */
const isRefusal = (error: unknown): error is Error => error instanceof Error && error.name === 'ReplyError';

/** Compares the mounted configuration file, and the own node's priority, with what the server has been started with and told since. */
export function createServerDirectives(home: string, readConfig: () => AgentConfig, node: string): ServerDirectives {
  const file = locate(home, toldFile);
  /** What the server has refused, and why: asked for again when it differs, or after a start. */
  const refusals = new Map<string, { readonly value: string; readonly reason: string }>();
  let seen: { readonly of: string; readonly view: DirectivesView } | undefined;

  const wanted = async (): Promise<Directives> => {
    const own = priorityDirective(readConfig(), node);
    const mounted = readDirectives(await readFile(locate(home, paths.serverConfig), 'utf8'));
    return own ? new Map([...mounted, [own[0], [own[1]]]]) : mounted;
  };
  const write = (told: Directives) => replaceFile(file, JSON.stringify([...told]));
  const isRefused = (name: string, values: readonly string[]) => refusals.get(name)?.value === valueOf(values);

  async function look(): Promise<DirectivesView> {
    const now = await wanted();
    const { live, atStart } = compareDirectives(await readTold(file, now), now, readConfig().engine);
    const problems = live.flatMap((name) =>
      isRefused(name, now.get(name)!) ? [`it refuses ${name}: ${refusals.get(name)!.reason}`] : [],
    );
    const open = live.filter((name) => !isRefused(name, now.get(name)!));
    return { live: open, atStart, problems };
  }

  return {
    async starts() {
      refusals.clear();
      seen = undefined;
      await write(await wanted());
    },
    async directives() {
      const now = versionOf(locate(home, paths.serverConfig), readConfig(), node);
      if (seen?.of !== now) {
        const nothing = (error: unknown) => ({ live: [], atStart: [], problems: [(error as Error).message] });
        seen = { of: now, view: await look().catch(nothing) };
      }
      return seen.view;
    },
    async updateDirectives(tell) {
      const now = await wanted();
      const told = new Map(await readTold(file, now));
      for (const name of (await look()).live) {
        const values = now.get(name)!;
        const refusal = await tell(name, valueOf(values)).catch((error: unknown) => {
          if (isRefusal(error)) return error.message;
          throw error;
        });
        if (typeof refusal === 'string') refusals.set(name, { value: valueOf(values), reason: refusal });
        else await write(told.set(name, values));
      }
      seen = undefined;
    },
  };
}

/** Differs as soon as the file, or what is to be made of it, may differ: the kubelet swaps a symbolic link above it. */
function versionOf(file: string, config: AgentConfig, node: string): string {
  const { name, version } = config.engine;
  const found = statSync(file, { throwIfNoEntry: false });
  return `${name} ${version} ${priorityOf(config, node)} ${found?.ino ?? ''} ${found?.mtimeMs ?? ''}`;
}

/** Without a file nothing has been started by this pod's agents: the server has what is mounted. */
async function readTold(file: string, mounted: Directives): Promise<Directives> {
  const text = await readFile(file, 'utf8').catch(whereMissing(undefined));
  return text === undefined ? mounted : new Map(JSON.parse(text) as [string, string[]][]);
}

/** As `CONFIG SET` takes it: one value, where the file may have several words in quotes, or several lines. */
const valueOf = (values: readonly string[]): string => values.flatMap(splitWords).join(' ');
