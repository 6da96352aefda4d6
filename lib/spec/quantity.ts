const factors = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
} as const;

/** How a Kubernetes quantity is written, but for exponents. */
export const quantityForm = /^(\d+(?:\.\d+)?)(m|[kMGTP]|[KMGTP]i)?$/;

/**
 * The number a Kubernetes quantity stands for: bytes of `1.5Gi`, cores of `500m`.
 *
 * @returns undefined where the text is no quantity above zero
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(text: string): number | undefined {
  const [, digits, suffix] = quantityForm.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const amount = Number(digits) * factors[(suffix ?? '') as keyof typeof factors];
  return amount > 0 ? amount : undefined;
}

/** Bytes as the shortest quantity that is exact: `192Mi`. */
export function formatBytes(bytes: number): string {
  const suffix = (['Pi', 'Ti', 'Gi', 'Mi', 'Ki'] as const).find((unit) => bytes % factors[unit] === 0);
  return suffix ? `${bytes / factors[suffix]}${suffix}` : `${bytes}`;
}
