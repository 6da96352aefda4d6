/** Claims of volumes as the API has them. */
import { createClaims } from '../../../sidecar/kube/claims';
import { createMemoryApi, type Json } from '../support/memory-api';

const path = (node: string) => `/api/v1/namespaces/shop/persistentvolumeclaims/data-${node}`;

const claimObject = (storage: string, status?: object): Json => ({
  metadata: { name: 'a claim' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
  ...(status ? { status } : {}),
});

test('those that are there are read, with what their storage says', async () => {
  const conditions = [{ type: 'Resizing', status: 'True', message: 'asked the disk' }];
  const claims = createClaims({
    client: createMemoryApi({
      [path('a')]: claimObject('2Gi', { capacity: { storage: '1Gi' }, conditions }),
      [path('c')]: claimObject('1500M'),
    }),
    namespace: 'shop',
  });
  expect(await claims.readClaims(['a', 'b', 'c'])).toEqual([
    { node: 'a', requested: 2 ** 31, capacity: 2 ** 30, says: 'Resizing: asked the disk' },
    { node: 'c', requested: 1.5e9, capacity: 0 },
  ]);
});

test('a claim is made to ask for more, and keeps the rest', async () => {
  const objects = { [path('a')]: claimObject('1Gi') };
  const claims = createClaims({ client: createMemoryApi(objects), namespace: 'shop' });
  await claims.growVolume('a', 2 ** 31);
  expect(objects[path('a')]).toMatchObject({
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
  });
});
