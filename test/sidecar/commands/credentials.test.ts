import { fillSecret } from '../../../sidecar/commands/credentials';
import { ApiError } from '../../../sidecar/kube/api-error';

interface Change {
  readonly metadata: { readonly resourceVersion: string };
  readonly data: Record<string, string>;
}

/** A Secret as the API server keeps it: a patch of another version than the present one is refused. */
function keepSecret(data: Record<string, string> | undefined, whenRead?: (kept: { version: number }) => void) {
  const kept = { version: 1, data };
  return {
    kept,
    get: (path: string) => {
      expect(path).toBe('/api/v1/namespaces/shop/secrets/orders-auth');
      const answer = { metadata: { resourceVersion: `${kept.version}` }, ...(kept.data ? { data: kept.data } : {}) };
      whenRead?.(kept);
      return Promise.resolve(answer);
    },
    patch: (_path: string, change: object) => {
      const { metadata, data: added } = change as Change;
      if (metadata.resourceVersion !== `${kept.version}`) throw new ApiError('PATCH', 409, 'Conflict', 'changed');
      kept.version += 1;
      kept.data = { ...kept.data, ...added };
      return Promise.resolve({});
    },
  };
}

const options = { secret: 'orders-auth', key: 'password' };

const read = (data: Record<string, string> | undefined) => Buffer.from(data?.password ?? '', 'base64').toString();

test('makes a password of 256 bits where there is none, another one each time', async () => {
  const [one, other] = [keepSecret(undefined), keepSecret({ else: 'eA==' })];
  expect(await fillSecret(one, 'shop', options)).toBe(true);
  expect(await fillSecret(other, 'shop', options)).toBe(true);
  expect(read(one.kept.data)).toMatch(/^[\w-]{43}$/);
  expect(read(other.kept.data)).not.toBe(read(one.kept.data));
  expect(other.kept.data).toHaveProperty('else', 'eA==');
});

test('leaves a password that is there', async () => {
  const secret = keepSecret({ password: 'aHVudGVyMg==' });
  expect(await fillSecret(secret, 'shop', options)).toBe(false);
  expect(read(secret.kept.data)).toBe('hunter2');
});

test('takes the password of somebody who was quicker', async () => {
  let reads = 0;
  const secret = keepSecret(undefined, (kept) => {
    reads += 1;
    if (reads === 1) Object.assign(kept, { version: 2, data: { password: 'aHVudGVyMg==' } });
  });
  expect(await fillSecret(secret, 'shop', options)).toBe(false);
  expect(read(secret.kept.data)).toBe('hunter2');
});

test('rejects where the Secret cannot be read', async () => {
  const get = () => Promise.reject(new ApiError('GET', 403, 'Forbidden', 'no'));
  await expect(fillSecret({ get, patch: get }, 'shop', options)).rejects.toThrow('403 Forbidden');
});
