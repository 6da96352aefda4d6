import { isWithin } from '../address-range';
import type { SoundFields } from '../kinds';
import { quote } from '../problems';
import type { SpecProblem } from '../spec-error';

/** What is wrong between the ranges of addresses that are let in, and those that are not. */
export const networkProblems = ({ networkPolicy }: SoundFields): SpecProblem[] =>
  (['clients', 'scrapers'] as const).flatMap((field) =>
    (networkPolicy?.[field] ?? []).flatMap((peer, index) => {
      if (!('cidr' in peer)) return [];
      return (peer.except ?? []).flatMap((except, place): SpecProblem[] => {
        if (isWithin(except, peer.cidr)) return [];
        const message = `must be a part of "cidr", ${quote(peer.cidr)}, got ${quote(except)}`;
        return [{ path: ['networkPolicy', field, index, 'except', place], message }];
      });
    }),
  );
