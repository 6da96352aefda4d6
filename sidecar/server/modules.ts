import type { LoadedModule } from '../view-own';

/** Parses the reply of `MODULE LIST`: a list of names and values by turns for each. Source: https://valkey.io/commands/module-list/ */
export function parseModules(reply: unknown): LoadedModule[] {
  return (Array.isArray(reply) ? reply : []).map((fields: unknown) => {
    const texts = (Array.isArray(fields) ? fields : []).map(String);
    const valueOf = (name: string) => texts[texts.findIndex((text, index) => index % 2 === 0 && text === name) + 1];
    const path = texts.includes('path') ? valueOf('path') : undefined;
    return { name: valueOf('name') ?? '', ...(path === undefined ? {} : { path }) };
  });
}
