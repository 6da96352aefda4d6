/** When a node of a mesh may start, may be sent clients, and may end. */
import { planLabel, planNode } from '../../../../sidecar/plan';
import { endMesh } from '../../../../sidecar/steps/mesh/end-mesh';
import { whyNotJoined } from '../../../../sidecar/steps/mesh/joined';
import { permitMesh } from '../../../../sidecar/steps/mesh/permit-mesh';
import type { OwnView } from '../../../../sidecar/view';
import { linkTo, meshConfig, meshView, ownMeshView, upInMesh, type MeshSketch } from '../../support/mesh';

const config = meshConfig(2);

describe('a server may start', () => {
  const held = (rest: Partial<OwnView> = {}): OwnView =>
    ownMeshView(meshView([{ down: 'absent' }, {}]), { start: 'start-1', joined: false, ...rest });

  test.each([true, false])('whether its volume has data (%s): nobody is emptied by copying it', (hasData) => {
    expect(permitMesh(held({ disk: { hasData } }), config)).toMatchObject([{ do: 'permit', start: 'start-1' }]);
  });

  test('but not before it is clear whom it is to let in', () => {
    const unclear = held({ accounts: { state: 'unclear', reason: 'a Secret is missing' } });
    expect(permitMesh(unclear, config)).toEqual([{ do: 'wait', why: 'held: a Secret is missing' }]);
  });

  test('but not empty where the database is to be restored', () => {
    const restore = { source: { folder: '/b' }, database: 'x/y', from: { backup: 'b' } };
    const nobody = meshView([{ down: 'absent' }, { down: 'absent' }]);
    const view = held({ disk: { hasData: false }, database: nobody });
    expect(planNode(view, { ...config, restore })).toMatchObject([{ do: 'restore', backup: 'b' }]);
  });
});

describe('a node is sent clients', () => {
  const other = linkTo('s0-1');
  const why = (self: MeshSketch, others: readonly MeshSketch[], hadData: boolean) => {
    const database = meshView([self, ...others]);
    return whyNotJoined({ name: 's0-0', server: database.nodes[0]!.server }, { database, hadData });
  };
  const starting = { agent: { serving: false } };

  test('once it has copied a node that serves, and not before', () => {
    expect(why({ links: [] }, [{}], true)).toBe('it has not copied what s0-1 has');
    expect(why({ links: [{ ...other, up: false, copying: true }] }, [{}], true)).toBeDefined();
    expect(why({ links: [other] }, [{}, { down: 'unreachable', agent: 'silent' }], false)).toBeUndefined();
  });

  test('although the link has gone down again', () => {
    expect(why({ links: [{ ...other, up: false, downSeconds: 3 }] }, [{}], false)).toBeUndefined();
  });

  test('in a database that starts as a whole once it has copied everybody', () => {
    expect(why({ links: [other] }, [starting, starting], true)).toBe('it has not copied what s0-2 has');
    expect(why({ links: [other, linkTo('s0-2')] }, [starting, starting], false)).toBeUndefined();
  });

  test('where nobody else answers, if it started on data of its own', () => {
    const away = { down: 'unreachable', agent: 'silent' } as const;
    expect(why({ links: [] }, [away], true)).toBeUndefined();
    expect(why({ links: [] }, [away], false)).toBe('it has not copied what s0-1 has');
  });

  test('where the others do not run and have nothing', () => {
    const held = { down: 'absent', agent: { disk: { hasData: false } } } as const;
    expect(why({ links: [] }, [held], false)).toBeUndefined();
    expect(why({ links: [] }, [{ down: 'absent' }], false)).toBe('it has not copied what s0-1 has');
  });

  test('once its append-only file holds what it has copied', () => {
    expect(why({ links: [other], server: { rewritesLog: true } }, [{}], false)).toMatch(/append-only file/);
  });
});

describe('a pod may end', () => {
  const ending = (others: readonly MeshSketch[], rest: Partial<OwnView> = {}) =>
    endMesh(
      ownMeshView(meshView([{ ending: true, server: { offset: 500, refusesWrites: true } }, ...others]), {
        stopping: true,
        told: true,
        ...rest,
      }),
      config,
    );
  const receiver = (offset: number, rest: Partial<ReturnType<typeof linkTo>> = {}): MeshSketch => ({
    links: [linkTo('s0-0', { offset, ...rest })],
  });

  test('once another has every write that it has answered, after it has begun to refuse them', () => {
    const taking = upInMesh([linkTo('s0-1')], { offset: 500 });
    expect(ending([receiver(500)], { server: taking })).toEqual([{ do: 'refuse-writes', node: 's0-0' }]);
    expect(ending([receiver(499)])).toMatchObject([{ do: 'wait' }]);
    expect(ending([receiver(500)])).toMatchObject([{ do: 'release', why: 's0-1 has all of its writes' }]);
  });

  test.each<[string, MeshSketch]>([
    ['has lost its link', receiver(500, { up: false, downSeconds: 1 })],
    ['does not serve yet', { ...receiver(500), agent: { serving: false } }],
    ['does not answer', { down: 'unreachable', agent: 'silent' }],
  ])('but not where the only other node %s, and it goes on taking writes', (_, other) => {
    expect(ending([other])).toMatchObject([{ do: 'wait' }]);
  });

  test('at once where all are ending, where its server does not run, and where it has served nobody', () => {
    expect(ending([{ ending: true }])).toMatchObject([{ do: 'release' }]);
    expect(ending([{}], { server: { state: 'absent', reason: '' } })).toMatchObject([{ do: 'release' }]);
    expect(ending([{}], { joined: false })).toMatchObject([{ do: 'release' }]);
  });

  test('after it has told the others, and also where the configuration no longer has it', () => {
    expect(ending([receiver(500)], { told: false })).toMatchObject([{ do: 'tell-ending' }]);
    const { nodes, ...rest } = meshView([{}, receiver(500)]);
    const left = { ...rest, nodes: nodes.slice(1) };
    expect(ending([], { database: left })).toMatchObject([{ do: 'release', why: 's0-1 has all of its writes' }]);
  });
});

test('a node says who is let in now, and leaves its label to the coordinator', () => {
  const view = ownMeshView(meshView([{}, {}]), { accounts: { state: 'changed' } });
  expect(planNode(view, config)).toEqual([{ do: 'set-accounts', node: 's0-0' }]);
  expect(planLabel(view, config)).toEqual([]);
});
