/** What pods know of the ConfigMaps that they mount. */
import { annotations } from '../../../lib/contract/names';
import { createConfiguration } from '../../../sidecar/kube/configuration';
import { createMemoryApi, type Json } from '../support/memory-api';

const core = '/api/v1/namespaces/shop';
const lease = '/apis/coordination.k8s.io/v1/namespaces/shop/leases/orders-coordinator';
const object = (resourceVersion: string): Json => ({ metadata: { resourceVersion } });

function given() {
  const objects: Record<string, Json> = {
    [`${core}/configmaps/orders-agent`]: object('7'),
    [`${core}/configmaps/orders-server`]: object('9'),
    [lease]: object('3'),
    [`${core}/pods/orders-0`]: object('4'),
  };
  const client = createMemoryApi(objects);
  return { objects, client, configuration: createConfiguration({ client, namespace: 'shop', database: 'orders' }) };
}

test('pods that are there are told, and then it is known that they were', async () => {
  const { objects, client, configuration } = given();
  expect(await configuration.readConfiguration()).toEqual({ version: '7.9' });
  await configuration.bringConfiguration(['orders-0', 'orders-1'], '7.9');
  expect(objects[`${core}/pods/orders-0`]).toMatchObject({
    metadata: { annotations: { [annotations.configuration]: '7.9' } },
  });
  expect(await configuration.readConfiguration()).toEqual({ version: '7.9', told: '7.9' });
  await client.patch(`${core}/configmaps/orders-server`, { data: { 'valkey.conf': 'maxclients 9' } });
  const { version, told } = (await configuration.readConfiguration())!;
  expect(told).toBe('7.9');
  expect(version).not.toBe('7.9');
});

test('a pod that cannot be told leaves it unknown', async () => {
  const { client, configuration } = given();
  const away = { ...client, patch: () => Promise.reject(new Error('away')) };
  const { bringConfiguration } = createConfiguration({ client: away, namespace: 'shop', database: 'orders' });
  await expect(bringConfiguration(['orders-0'], '7.9')).rejects.toThrow('away');
  expect(await configuration.readConfiguration()).toEqual({ version: '7.9' });
});
