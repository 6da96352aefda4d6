/** From whatever links and labels there are, the coordinator makes a whole mesh, and then rests. */
import * as fc from 'fast-check';

import type { Action } from '../../../../sidecar/action';
import { planDatabase } from '../../../../sidecar/plan';
import type { DatabaseView, LinkView, Role } from '../../../../sidecar/view';
import { addressOf, linkTo, meshConfig, meshView } from '../../support/mesh';

/** What is found: by node, to whom it is linked, of its own mesh and of places where nobody is, and its label. */
interface Start {
  readonly nodes: readonly {
    readonly linked: readonly number[];
    readonly strays: readonly number[];
    readonly role: Role | 'none';
    /** How often it has moved: links to its earlier addresses lead nowhere. */
    readonly moved: number;
  }[];
  readonly preferred?: number;
}

const starts: fc.Arbitrary<Start> = fc.integer({ min: 2, max: 5 }).chain((count) =>
  fc.record({
    nodes: fc.array(
      fc.record({
        linked: fc.uniqueArray(fc.nat(count - 1)),
        strays: fc.uniqueArray(fc.integer({ min: 200, max: 210 })),
        role: fc.constantFrom<Role | 'none'>('primary', 'replica', 'none'),
        moved: fc.nat(2),
      }),
      { minLength: count, maxLength: count },
    ),
    preferred: fc.option(fc.nat(count - 1), { nil: undefined }),
  }),
);

interface Model {
  readonly links: Map<string, LinkView[]>;
  readonly roles: Map<string, Role>;
}

const peer = { host: 'east.example', port: 6380 };
const nameOf = (index: number): string => `s0-${index}`;

function build({ nodes }: Start): Model {
  const linksOf = ({ linked, strays }: Start['nodes'][number], self: number): LinkView[] => [
    // As they were made, before anybody moved.
    ...linked.filter((other) => other !== self).map((other) => linkTo(nameOf(other))),
    ...strays.map((last) => linkTo('', { host: `10.0.9.${last}`, up: false })),
  ];
  return {
    links: new Map(nodes.map((node, index) => [nameOf(index), linksOf(node, index)])),
    roles: new Map(nodes.flatMap(({ role }, index) => (role === 'none' ? [] : [[nameOf(index), role]]))),
  };
}

/** A link is up where its node is, and down where nobody is. */
function look({ nodes }: Start, { links, roles }: Model): DatabaseView {
  const places = new Set([...nodes.map(({ moved }, index) => addressOf(nameOf(index), moved).ip), peer.host]);
  const sketches = nodes.map(({ moved }, index) => ({
    address: addressOf(nameOf(index), moved),
    links: links.get(nameOf(index))!.map((link) => ({ ...link, up: places.has(link.host) })),
  }));
  return meshView(sketches, { roles: Object.fromEntries(roles) });
}

function apply(action: Action, { links, roles }: Model): void {
  if (action.do === 'label') roles.set(action.node, action.role);
  else if (action.do === 'link') links.get(action.node)!.push(linkTo('', { host: action.host, port: action.port }));
  else if (action.do === 'unlink') {
    links.set(
      action.node,
      links.get(action.node)!.filter(({ host, port }) => host !== action.host || port !== action.port),
    );
  } else throw new Error(`not expected: ${action.do}`);
}

test('every node is linked to every other and to the peers, to nobody else, and one is where writers are sent', () => {
  fc.assert(
    fc.property(starts, (start) => {
      const { preferred, nodes } = start;
      const primaries = preferred === undefined ? {} : { primaries: [nameOf(preferred)] };
      const config = meshConfig(nodes.length, { peers: [peer], ...primaries });
      const model = build(start);
      const had = [...model.roles.values()].includes('primary');
      let passes = 0;
      for (let plan = planDatabase(look(start, model), config); plan.length > 0; passes++) {
        expect(passes).toBeLessThan(5);
        for (const action of plan) apply(action, model);
        const labelled = [...model.roles.values()].filter((role) => role === 'primary').length;
        if (had) expect(labelled).toBeGreaterThan(0);
        plan = planDatabase(look(start, model), config);
      }
      for (const [name, links] of model.links) {
        const others = nodes.flatMap(({ moved }, index) =>
          nameOf(index) === name ? [] : [addressOf(nameOf(index), moved).ip],
        );
        expect(links.map(({ host }) => host).sort()).toEqual([...others, peer.host].sort());
      }
      const writers = [...model.roles].filter(([, role]) => role === 'primary').map(([name]) => name);
      expect(writers).toHaveLength(1);
      if (preferred !== undefined) expect(writers).toEqual([nameOf(preferred)]);
      expect(model.roles.size).toBe(nodes.length);
    }),
    { numRuns: 500 },
  );
});
