/** What an agent remembers of a node of a mesh from one look to the next. */
import { createJoining } from '../../sidecar/joining';
import type { OwnView } from '../../sidecar/view';
import { addressOf, linkTo, meshView, ownMeshView, upInMesh } from './support/mesh';

const view = (rest: Partial<OwnView>): OwnView => {
  const { joined, database, ...own } = ownMeshView(meshView([{}, {}]), rest);
  expect([joined, database]).toBeDefined();
  return own;
};
const alone = view({ server: upInMesh([]) });
const linked = view({ server: upInMesh([linkTo('s0-1')]) });
const look = () => Promise.resolve(meshView([{}, {}]));
const unseen = () => Promise.reject(new Error('nobody had to be looked at'));

test('a node that has joined stays so while its server hangs, and starts anew with it', async () => {
  const joining = createJoining(() => Promise.resolve(addressOf('s0-0')));
  expect((await joining.see(alone, look)).joined).toBe(false);
  expect((await joining.see(linked, look)).joined).toBe(true);
  expect((await joining.see(view({ server: { state: 'unreachable', reason: '' } }), unseen)).joined).toBe(true);
  expect((await joining.see(alone, unseen)).joined).toBe(true);
  expect((await joining.see(view({ server: { state: 'absent', reason: '' } }), unseen)).joined).toBe(false);
  joining.start({ hasData: true });
  expect((await joining.see(alone, look)).joined).toBe(false);
});

test('a node is not taken for one that serves while the others are looked at', async () => {
  const joining = createJoining(() => Promise.resolve(addressOf('s0-0')));
  let meanwhile: OwnView | undefined;
  await joining.see(linked, (own) => {
    meanwhile = own;
    return look();
  });
  expect(meanwhile?.joined).toBe(false);
});

test('a node goes by what was on its volume when its server started, not by what the server has put there', async () => {
  const away = () => Promise.resolve(meshView([{}, { down: 'unreachable', agent: 'silent' }]));
  for (const hasData of [true, false]) {
    const joining = createJoining(() => Promise.resolve(addressOf('s0-0')));
    joining.start({ hasData });
    expect((await joining.see(view({ server: upInMesh([]), disk: { hasData: true } }), away)).joined).toBe(hasData);
  }
});
