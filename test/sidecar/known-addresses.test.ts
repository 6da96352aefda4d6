import type { NodeConfig } from '../../lib/contract/agent-config';
import { createKnownAddresses } from '../../sidecar/known-addresses';
import type { Address, ServerView } from '../../sidecar/view';
import { clusterConfig } from './support/config';
import { cluster, entry, up } from './support/views';

const node: NodeConfig = { name: 's0-1', host: 's0-1.db' };
const at = (ip: string): Address => ({ ip, client: 6379, bus: 16379, agent: 8379 });

/** A book whose answers are changed by the test. */
function createBook(server: ServerView | undefined) {
  const names = new Map<string, Address>();
  const book = createKnownAddresses({
    book: { locate: ({ name }) => Promise.resolve(names.get(name)) },
    config: () => clusterConfig(1, 1),
    server: () => server,
  });
  return { names, locate: () => book.locate(node) };
}

const knowing = (line: Parameters<typeof entry>[1]): ServerView =>
  up(cluster('s0-0', [entry('s0-0'), entry('s0-1', line)]));

test('a name that resolves counts more than what the own server believes', async () => {
  const { names, locate } = createBook(knowing({ ip: '10.0.0.1' }));
  names.set(node.name, at('10.0.0.2'));
  expect(await locate()).toEqual(at('10.0.0.2'));
});

test('where no name resolves the own server knows the way, although nobody ever asked for it', async () => {
  expect(await createBook(knowing({ ip: '10.0.0.1' })).locate()).toEqual(at('10.0.0.1'));
});

test.each([
  ['has no address', { ip: '' }],
  ['is in its handshake', { ip: '10.0.0.1', handshake: true }],
])('the own server does not know the way to a node that %s', async (_what, line) => {
  expect(await createBook(knowing(line)).locate()).toBeUndefined();
});

test('an address is remembered when neither the name nor the own server has one any more', async () => {
  const { names, locate } = createBook({ state: 'absent', reason: 'refused' });
  names.set(node.name, at('10.0.0.2'));
  await locate();
  names.clear();
  expect(await locate()).toEqual(at('10.0.0.2'));
});
