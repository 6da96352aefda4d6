import type { NodeStep } from './step';

/** Tells the own server who is let in now: passwords that were rotated, users that came or went. It goes on serving. */
export const accounts: NodeStep = ({ name, server, accounts: seen }) =>
  server.state === 'up' && seen.state === 'changed' ? [{ do: 'set-accounts', node: name }] : [];
