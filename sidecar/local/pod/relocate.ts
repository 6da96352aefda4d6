import { locate } from '../../home/paths';
import type { Address } from '../../view';

/**
 * Puts every path below one of the pod's mounts below the node's folder, wherever it stands in a command or a directive.
 *
 * @param mounts the absolute paths where the pod's volumes are mounted
 */
export function relocate(text: string, mounts: readonly string[], home: string): string {
  const longestFirst = [...mounts].sort((a, b) => b.length - a.length).map((mount) => mount.replace(/[^\w/]/g, '\\$&'));
  const path = new RegExp(`(?<![\\w./-])(?:${longestFirst.join('|')})(?=[/\\s"';)]|$)`, 'g');
  return text.replace(path, (mount) => locate(home, mount));
}

/**
 * The server's directives, for a node that shares its machine with others: on ports of its own, for nobody outside.
 * The bus port needs no line: 10000 above the client port is every engine's default.
 */
export function localizeServerConfig(text: string, address: Address): string {
  return text
    .split('\n')
    .flatMap((line) => localizeDirective(line, address))
    .join('\n');
}

function localizeDirective(line: string, { ip, client }: Address): string[] {
  const [directive = '', value] = line.trim().toLowerCase().split(/\s+/);
  switch (directive) {
    case 'port':
    case 'tls-port':
      return [value === '0' ? line : `${directive} ${client}`];
    case 'bind':
      return [`bind ${ip}`];
    case 'cluster-port':
      return [];
    // Clients could not resolve the names of pods.
    case 'cluster-preferred-endpoint-type':
      return [`${directive} ip`];
    default:
      return [line];
  }
}
