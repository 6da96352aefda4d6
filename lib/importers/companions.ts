import { isBlock, valueAt } from './leaves';

/** A Secret or Certificate as it is written; no value of a Secret is ever looked at. */
export interface Companion {
  readonly kind: 'Secret' | 'Certificate';
  readonly name: string;
  readonly namespace: string;
  readonly value: unknown;
}

/** What a database's own Secrets and Certificates say about themselves. */
export interface Companions {
  /** Keys of a Secret; undefined where it is not among the documents. */
  readonly secretKeys: (secret: string) => readonly string[] | undefined;
  /** The Certificate that fills a Secret; undefined where none does. */
  readonly certificateOf: (secret: string) => Certificate | undefined;
}

/** A Certificate of cert-manager. */
export interface Certificate {
  readonly name: string;
  readonly dnsNames: readonly string[];
}

/** The companions of a namespace. */
export function companionsIn(namespace: string, all: readonly Companion[]): Companions {
  const own = all.filter((one) => one.namespace === namespace);
  return {
    secretKeys: (secret) => {
      const found = own.find(({ kind, name }) => kind === 'Secret' && name === secret);
      return found && ['data', 'stringData'].flatMap((field) => keysOf(valueAt(found.value, [field])));
    },
    certificateOf: (secret) => {
      const found = own.find(
        ({ kind, value }) => kind === 'Certificate' && valueAt(value, ['spec', 'secretName']) === secret,
      );
      return found && { name: found.name, dnsNames: textsOf(valueAt(found.value, ['spec', 'dnsNames'])) };
    },
  };
}

const keysOf = (value: unknown): string[] => (isBlock(value) ? Object.keys(value) : []);

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

/** Whether a name of a certificate covers a host; a wildcard stands for one label. */
export const covers = (pattern: string, host: string): boolean =>
  pattern === host || (pattern.startsWith('*.') && host.replace(/^[^.]+/, '*') === pattern);
