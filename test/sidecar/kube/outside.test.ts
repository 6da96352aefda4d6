/** The Service of a node for clients outside, as the API has it. */
import { ApiError } from '../../../sidecar/kube/api-error';
import { createOutsideServices } from '../../../sidecar/kube/outside';
import type { KubeClient } from '../../../sidecar/kube/client';

const core = '/api/v1/namespaces/shop';
const pod = { status: { hostIP: '192.0.2.1' } };
const ports = [{ name: 'client', port: 6379, nodePort: 30_001 }];

function read(service: object | undefined) {
  const objects: Record<string, object | undefined> = {
    [`${core}/services/orders-0-external`]: service,
    [`${core}/pods/orders-0`]: pod,
  };
  const get = (path: string): Promise<unknown> => {
    const found = objects[path];
    return found ? Promise.resolve(found) : Promise.reject(new ApiError(`GET ${path}`, 404, 'NotFound', 'not found'));
  };
  const client = { get } as unknown as KubeClient;
  return createOutsideServices({ client, namespace: 'shop', database: 'orders' }).readOutside('orders-0');
}

test.each([
  ['a node port', { spec: { ports }, status: { loadBalancer: {} } }, { nodePort: 30_001 }],
  [
    'the address of a load balancer',
    { spec: { ports }, status: { loadBalancer: { ingress: [{ ip: '192.0.2.9' }] } } },
    { nodePort: 30_001, balancer: '192.0.2.9' },
  ],
  [
    'its name rather than its address',
    {
      spec: { ports: [{ port: 6379 }] },
      status: { loadBalancer: { ingress: [{ ip: '192.0.2.9', hostname: 'lb.example.com' }] } },
    },
    { balancer: 'lb.example.com' },
  ],
])('has %s, and the machine of the pod', async (_what, service, facts) => {
  expect(await read(service)).toEqual({ found: true, machine: '192.0.2.1', ...facts });
});

test('may not be there', async () => {
  expect(await read(undefined)).toEqual({ found: false });
});
