import { formatBytes, parseQuantity } from '../spec/quantity';
import type { Scalar } from './leaves';

/** Reads a value as somebody may have written it, and knows in words what it takes. */
export interface Reader<Value = unknown> {
  /** Ends the sentence "must be ...". */
  readonly allowed: string;
  /** @returns undefined where the value is nothing of the kind */
  readonly read: (value: Scalar) => Value | undefined;
}

/** `3`, `"3"` or `3.0`. */
export const wholeNumber: Reader<number> = {
  allowed: 'a whole number',
  read: (value) => {
    const number = typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
  },
};

/** `true`, or the words that YAML once took for it. */
export const flag: Reader<boolean> = {
  allowed: '"true" or "false"',
  read: (value) => {
    const word = String(value).trim().toLowerCase();
    if (['true', 'yes', 'on', '1'].includes(word)) return true;
    return ['false', 'no', 'off', '0', ''].includes(word) ? false : undefined;
  },
};

/** Any value, as text. */
export const text: Reader<string> = { allowed: 'text', read: String };

/** Text that says something. */
export const name: Reader<string> = {
  allowed: 'a name',
  read: (value) => (typeof value === 'boolean' ? undefined : String(value).trim() || undefined),
};

/** One of some words, whatever the case of its letters. */
export const word = <Word extends string>(...words: readonly Word[]): Reader<Word> => ({
  allowed: words.map((one) => `"${one}"`).join(' or '),
  read: (value) => words.find((one) => one.toLowerCase() === String(value).trim().toLowerCase()),
});

/** As a reader gives it, and then changed. */
export const map = <From, To>({ allowed, read }: Reader<From>, change: (value: From) => To): Reader<To> => ({
  allowed,
  read: (value) => {
    const found = read(value);
    return found === undefined ? undefined : change(found);
  },
});

/** Suffixes that Kubernetes has and the spec has not. */
const exa = { E: 1e18, Ei: 2 ** 60 } as const;

/** The number of a Kubernetes quantity in any of its notations: `1.5Gi`, `500m`, `1e9`, `128974848`. */
function quantity(value: Scalar): number | undefined {
  const written = String(value).trim();
  const [, digits = '', suffix] = /^\+?(\d+\.?\d*|\.\d+)([eE]\d+|Ei?|[nu])?$/.exec(written) ?? [];
  if (suffix === 'E' || suffix === 'Ei') return Number(digits) * exa[suffix];
  if (suffix === 'n' || suffix === 'u') return Number(digits) * (suffix === 'n' ? 1e-9 : 1e-6);
  if (digits !== '') return Number(written);
  return parseQuantity(written.replace(/^\+/, ''));
}

const wholeBytes = (bytes: number | undefined): string | undefined =>
  bytes !== undefined && bytes > 0 ? formatBytes(Math.ceil(bytes)) : undefined;

/** A Kubernetes quantity of bytes, as the spec takes it. What it takes already stays the text it is. */
export const bytes: Reader<string> = {
  allowed: 'a quantity of bytes like "512Mi" or "10Gi"',
  read: (value) => {
    const written = String(value).trim();
    const plain = /^\d+([kMGTP]|[KMGTP]i)?$/.test(written) && parseQuantity(written) !== undefined;
    return plain ? written : wholeBytes(quantity(value));
  },
};

/** What the engine's own configuration file takes: https://valkey.io/topics/config/ ("units"). */
const engineUnits = { '': 1, k: 1e3, kb: 2 ** 10, m: 1e6, mb: 2 ** 20, g: 1e9, gb: 2 ** 30 } as const;

/** Bytes as the engine's configuration file writes them, `2gb`, or as Kubernetes does. */
export const memory: Reader<string> = {
  allowed: 'an amount of memory like "2gb" or "2Gi"',
  read: (value) => {
    const [, digits, unit = ''] = /^\s*(\d+)\s*([kmg]?b?)\s*$/i.exec(String(value)) ?? [];
    if (digits === undefined) return bytes.read(value);
    const factor = engineUnits[(unit.toLowerCase() === 'b' ? '' : unit.toLowerCase()) as keyof typeof engineUnits];
    // Kubernetes and the engine agree on "k" and "G"; "m" is a thousandth there, and a million here.
    return wholeBytes(Number(digits) * factor);
  },
};

/** A Kubernetes quantity of processor cores, as the spec takes it. */
export const cores: Reader<string> = {
  allowed: 'an amount of cores like "500m" or "2"',
  read: (value) => {
    const written = String(value).trim();
    if (/^\d+(\.\d+)?m?$/.test(written) && parseQuantity(written) !== undefined) return written;
    const amount = quantity(value);
    return amount !== undefined && amount > 0 ? `${Math.ceil(amount * 1000)}m` : undefined;
  },
};
