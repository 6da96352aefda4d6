import type { Change } from '../change';
import { refused, type Rule } from './rule';

/** Nodes with and without encryption do not understand each other, so there is no going over one by one. */
export const changesEncryption: Rule = ({ old, new: now }) => {
  if (old.facts.encrypted === now.facts.encrypted) return [];
  const what = now.facts.encrypted ? 'encryption is turned on' : 'encryption is turned off';
  const alone = old.facts.shards.every(({ pods }) => pods.length === 1) && old.facts.shards.length === 1;
  if (alone) {
    return [restartNote(what, 'clients have to change at the moment the node restarts')];
  }
  return [
    refused(
      `${what}: nodes with and without it cannot speak to each other while they are replaced one by one`,
      'make a database of another name beside this one and move clients to it',
    ),
  ];
};

/** From the first restarted node on, clients have to say something else. */
export const changesPassword: Rule = ({ old, new: now }) => {
  if (old.facts.password === now.facts.password) return [];
  return now.facts.password
    ? [
        restartNote(
          'a password is asked for',
          'give clients the password first: a server without one refuses it, so they have to connect anew when a node restarts',
        ),
      ]
    : [restartNote('no password is asked for any more', 'everybody who reaches the port is let in')];
};

const restartNote = (what: string, note: string): Change => ({ effect: 'restart', what, notes: [note] });
