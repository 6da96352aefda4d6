import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { CopyView, SourceView } from '../../view';
import { sourceName } from '../../view-source';

/** What decides whether a database follows the primary elsewhere that its spec names. */
export interface SourceFacts {
  /** Of the own server, which leads. */
  readonly own: CopyView;
  /** Bytes of that stream that it has. */
  readonly offset: number;
  /** What its agent knows of it. */
  readonly known: SourceView | undefined;
  /** Name of the source whose data the database has, as that was noted; absent where it has data of its own. */
  readonly noted: string | undefined;
  /** No node has any data. */
  readonly empty: boolean;
  /** Nothing is to be begun. */
  readonly paused: boolean;
}

/** What the one that leads does next. */
export type SourceMove =
  | { readonly move: 'note'; readonly name?: string }
  | { readonly move: 'follow'; readonly name: string; readonly port: number }
  | { readonly move: 'lead' }
  | { readonly move: 'wait'; readonly why: string };

/**
 * The next move toward what the spec says; undefined where there is none.
 *
 * Whose data a database has is noted before it copies anything and before it takes any write, and only a database without data, or with
 * a source's, follows: so none ever loses what it has written itself.
 */
export function towardSource(facts: SourceFacts, config: Pick<AgentConfig, 'replicaOf'>): SourceMove | undefined {
  const move = next(facts, config);
  // An agent that has started anew is elsewhere: what the server copies already it goes on to copy.
  return facts.paused && !(move?.move === 'follow' && facts.own.source) ? undefined : move;
}

function next(facts: SourceFacts, { replicaOf }: Pick<AgentConfig, 'replicaOf'>): SourceMove | undefined {
  const { known, noted, empty } = facts;
  const link = facts.own.source;
  if (!replicaOf) {
    if (link?.up && isMissing(facts)) return { move: 'wait', why: `copying what ${known!.name} had written until now` };
    if (noted !== undefined) return { move: 'note' };
    return link ? { move: 'lead' } : undefined;
  }
  if (!known) return undefined;
  const name = sourceName(replicaOf);
  if (noted === undefined && !empty) return link ? { move: 'lead' } : undefined;
  if (link?.port !== known.port) return { move: 'follow', name, port: known.port };
  // By now nobody writes to the own server: it is empty for certain, or it goes on where it was with another source.
  return noted !== name && (empty || link.up) ? { move: 'note', name } : undefined;
}

/** What the source had written when the spec ceased to name it is not all here, and may come. */
function isMissing({ own, offset, known }: SourceFacts): boolean {
  if (known?.parting === 'asking') return true;
  return known?.parting === 'asked' && known.history === own.history && known.offset! > offset;
}

/** Why the spec is not obeyed, and what a person can do; undefined where it is. */
export const whyNotFollowed = (name: string): string =>
  `does not follow ${name}: it has data of its own, which that would replace; take "replicaOf" out of the spec, or, once nobody writes, FLUSHALL`;
