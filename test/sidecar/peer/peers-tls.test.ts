import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createCertificate } from '../../../sidecar/http/certificate';
import type { GuardOptions } from '../../../sidecar/peer/guard';
import { makeAuthority, makeCertificate, temporaryFolder } from '../support/certificates';
import { createPeerWorld, node, report } from '../support/peer-world';

const authority = makeAuthority();
const server = makeCertificate(authority, `DNS:${node.host}`);
const stranger = makeCertificate(authority, 'DNS:orders-0-1.orders-headless.shop.svc');
const outsider = makeCertificate(makeAuthority(), `DNS:${node.host}`);

const read = (folder: string, name: string) => readFileSync(join(folder, name));

const meetSecurely = (shown: string, asking: string, guard: Partial<GuardOptions> = {}) =>
  world.meet({ certificate: createCertificate(shown), client: { certificate: createCertificate(asking) }, guard });

let world: ReturnType<typeof createPeerWorld>;

beforeEach(() => {
  world = createPeerWorld();
});

afterEach(() => world.close());

test('agents show each other their certificates', async () => {
  const address = await meetSecurely(server, stranger, { certifiedOnly: true });
  expect(await world.report(address)).toEqual(report);
  await world.tell(address, report);
  expect(world.heard).toEqual([report]);
});

test("refuses an agent whose certificate is not good for the node's host name", async () => {
  const address = await meetSecurely(stranger, server);
  expect(await world.report(address)).toBeUndefined();
});

test('refuses an agent whose certificate another authority has signed', async () => {
  const address = await meetSecurely(outsider, server);
  expect(await world.report(address)).toBeUndefined();
});

test('an agent without a certificate of the same authority is refused where clients need one', async () => {
  const trusting = temporaryFolder();
  for (const name of ['tls.crt', 'tls.key']) writeFileSync(join(trusting, name), read(outsider, name));
  writeFileSync(join(trusting, 'ca.crt'), read(server, 'ca.crt'));
  const address = await meetSecurely(server, trusting, { certifiedOnly: true });
  expect(await world.report(address)).toBeUndefined();
  expect(world.log.lines[0]).toContain('a client certificate of the same authority is needed');
});

test('goes on with new certificates of another authority once all files have changed', async () => {
  const mounted = temporaryFolder();
  const mount = (folder: string) => {
    for (const name of ['tls.crt', 'tls.key', 'ca.crt']) writeFileSync(join(mounted, name), read(folder, name));
  };
  mount(server);
  const address = await meetSecurely(mounted, mounted);
  expect(await world.report(address)).toEqual(report);
  mount(outsider);
  const end = Date.now() + 5000;
  let good = 0;
  // Between the two looks at the files one side may be ahead of the other; then it is well for good.
  while (good < 20 && Date.now() < end) {
    good = (await world.report(address)) ? good + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(good).toBe(20);
}, 10_000);
