/** Who receives whose writes. */
import { link, unlink } from '../../../../sidecar/steps/mesh/links';
import { relink } from '../../../../sidecar/steps/mesh/relink';
import { addressOf, linkTo, meshConfig, meshView, ownMeshView, upInMesh } from '../../support/mesh';

const two = meshConfig(2);
const peer = { host: 'east.example', port: 6380 };
const toPeer = linkTo('', { host: peer.host, port: peer.port });

describe('a link is made', () => {
  test('both ways between all nodes, and to none that is there already', () => {
    const view = meshView([{ links: [linkTo('s0-1')] }, { links: [] }, { links: [linkTo('s0-0')] }]);
    expect(
      link(view, meshConfig(3)).map((action) => (action.do === 'link' ? `${action.node} ${action.host}` : '')),
    ).toEqual(['s0-0 10.0.0.3', 's0-1 10.0.0.1', 's0-1 10.0.0.3', 's0-2 10.0.0.2']);
  });

  test('to a node that has moved', () => {
    const view = meshView([{}, { address: addressOf('s0-1', 1) }]);
    expect(link(view, two)).toEqual([{ do: 'link', node: 's0-0', peer: 's0-1', host: '10.1.0.2', port: 6379 }]);
  });

  test('to peers of the spec, from every node', () => {
    const actions = link(meshView([{}, {}]), { ...two, peers: [peer] });
    expect(actions).toEqual(['s0-0', 's0-1'].map((node) => ({ do: 'link', node, peer: peer.host, ...peer })));
  });

  test.each([
    ['whose agent does not vouch for it', { agent: 'silent' as const }],
    ['that reads its files', { server: { loading: true } }],
    ['that is ending', { ending: true }],
    ['that does not answer', { down: 'unreachable' as const }],
  ])('to nobody %s', (_, sketch) => {
    expect(link(meshView([{ links: [] }, { links: [linkTo('s0-0')], ...sketch }]), two)).toEqual([]);
  });
});

describe('a link is taken away', () => {
  const old = linkTo('s0-1', { host: '10.9.9.9' });
  const viewWith = (links: readonly ReturnType<typeof linkTo>[], strayMs = {}) =>
    meshView([{ links }, {}], { strayMs });

  test('that leads nowhere, and is down', () => {
    const view = viewWith([linkTo('s0-1'), { ...old, up: false }]);
    expect(unlink(view, two)).toEqual([{ do: 'unlink', node: 's0-0', host: '10.9.9.9', port: 6379 }]);
  });

  test('that leads to whoever has left, once that has had time to pass on its last writes', () => {
    const links = [linkTo('s0-1'), old];
    expect(unlink(viewWith(links, { '10.9.9.9:6379': 59_000 }), two)).toEqual([]);
    expect(unlink(viewWith(links, { '10.9.9.9:6379': 60_000 }), two)).toHaveLength(1);
  });

  test('and never one to a node or a peer, whatever its state', () => {
    const links = [linkTo('s0-1', { up: false, downSeconds: 9999 }), { ...toPeer, up: false }];
    expect(unlink(viewWith(links), { ...two, peers: [peer] })).toEqual([]);
  });

  test('and none while it is not known where every node is', () => {
    const view = meshView([{ links: [{ ...old, up: false }] }, { address: 'none', down: 'unreachable' }]);
    expect(unlink(view, two)).toEqual([]);
  });
});

describe('a link is made anew', () => {
  const own = (rest: Partial<ReturnType<typeof linkTo>>) =>
    relink(ownMeshView(meshView([{}, {}]), { server: upInMesh([linkTo('s0-1', rest)]) }), two);

  test('once it has been down for two node timeouts, so that it begins with a copy of the whole', () => {
    expect(own({ up: false, downSeconds: 9 })).toEqual([]);
    expect(own({ up: false, downSeconds: 10 })).toMatchObject([{ do: 'relink', host: '10.0.0.2', port: 6379 }]);
  });

  test('and once only: a link that was never up has nothing to go on with', () => {
    expect(own({ up: false })).toEqual([]);
  });
});
