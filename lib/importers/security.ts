import { objectNames } from '../contract/names';
import type { Kind } from '../spec/kinds';
import { covers, type Companions } from './companions';
import { set, warning } from './effect';
import type { Own, Settled } from './importer';

/** A document that asks for no password. */
export const openToAll = (at: string): Settled[] => [
  { at, effect: set('auth', 'off') },
  {
    at,
    effect: warning(
      'asks for no password, and so does the spec: "auth: off". Take that line away, and a password is made and kept in a Secret',
    ),
  },
];

/** A document without encryption. */
export const inTheClear = (at: string): Settled[] => [
  { at, effect: set('tls', 'off') },
  {
    at,
    effect: warning('asks for no encryption, and so does the spec: "tls: off". Name a Secret or an issuer in "tls"'),
  },
];

/** A Secret among the documents that lacks what it is to hold. Names of keys only; no value is ever read. */
export function secretWarnings(
  beside: Companions,
  at: string,
  secret: string | undefined,
  wanted: readonly string[],
): Settled[] {
  const keys = secret === undefined ? undefined : beside.secretKeys(secret);
  const missing = keys === undefined ? [] : wanted.filter((key) => !keys.includes(key));
  if (missing.length === 0) return [];
  const names = missing.map((key) => `"${key}"`).join(' and ');
  return [
    { at, effect: warning(`the Secret among the documents has no key ${names}; the servers do not start without`) },
  ];
}

/** Host names by which clients and nodes come. */
function hostsOf(kind: Kind, { name, namespace }: Own): string[] {
  const names = objectNames(name);
  const services = {
    Standalone: [names.leaderService],
    Replication: [names.leaderService, names.replicaService],
    Sentinel: [names.leaderService, names.replicaService, names.sentinelService, `*.${names.sentinelHeadlessService}`],
    Cluster: [names.clientService, names.replicaService],
    MultiMaster: [names.clientService, names.leaderService],
  }[kind];
  return [...services, `*.${names.headlessService}`].map((service) => `${service}.${namespace}.svc.cluster.local`);
}

/** What a TLS Secret has to hold, and which names the Certificate that fills it has to cover. */
export function tlsWarnings(own: Own, at: string, secret: string, kind: Kind): Settled[] {
  const certificate = own.beside.certificateOf(secret);
  if (!certificate) return secretWarnings(own.beside, at, secret, ['tls.crt', 'tls.key', 'ca.crt']);
  const uncovered = hostsOf(kind, own).filter((host) => !certificate.dnsNames.some((name) => covers(name, host)));
  if (uncovered.length === 0) return [];
  return [{ at, effect: warning(`add to dnsNames of Certificate ${certificate.name}: ${uncovered.join(', ')}`) }];
}
