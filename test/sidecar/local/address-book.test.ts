import { createLocalAddressBook, publishAddress, withdrawAddress } from '../../../sidecar/local/address-book';
import { temporaryFolder } from './fixture';

const root = temporaryFolder();
const node = { name: 'orders-shard-0-0', host: 'anything' };
const address = { ip: '127.0.0.1', client: 12_001, bus: 22_001, agent: 12_051 };

test('a node that was never there has no address', async () => {
  expect(await createLocalAddressBook({ root }).locate(node)).toBeUndefined();
});

test('a change of address is seen at once, and none is left when the pod is gone', async () => {
  const book = createLocalAddressBook({ root });
  await publishAddress(root, node.name, address);
  expect(await book.locate(node)).toEqual(address);
  const moved = { ...address, client: 12_002 };
  await publishAddress(root, node.name, moved);
  expect(await book.locate(node)).toEqual(moved);
  await withdrawAddress(root, node.name);
  expect(await book.locate(node)).toBeUndefined();
});
