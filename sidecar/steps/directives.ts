import type { NodeStep } from './step';

/**
 * Tells the own server what has changed in its configuration and can change while it runs. Not one of another version than
 * the configuration is for: that is about to be replaced, and may not know the directive.
 */
export const directives: NodeStep = ({ name, server, directives: { live } }, { engine }) =>
  server.state === 'up' && !server.loading && live.length > 0 && isVersion(server.version, engine.version)
    ? [{ do: 'set-directives', node: name, names: live }]
    : [];

/** `8.1.4` is a server of 8.1. */
export const isVersion = (running: string, declared: string): boolean => `${running}.`.startsWith(`${declared}.`);
