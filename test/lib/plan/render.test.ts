import { planAsMarkdown } from '../../../lib/plan/markdown';
import { planChanges } from '../../../lib/plan/plan';
import { planAsText } from '../../../lib/plan/text';
import { edited, side } from './sides';

const upgraded = planChanges(side(), side({ shards: 4, image: 'registry.example/valkey:8.1.4' }));

test('text for a terminal', () => {
  expect(planAsText(upgraded)).toBe(`shop/orders: rolling restart, data moves
  data moves: 3 shards -> 4: about 4096 of 16384 slots move (25 % of the keys)
      because shard-3 is added
      shard-0 -> shard-3: 1366 slots
      shard-1 -> shard-3: 1365 slots
      shard-2 -> shard-3: 1365 slots
      an estimate, with slots evenly spread; the agents plan from where they find them. Keys can be used while they move
  rolling restart: 6 pods are replaced, one after the other
      because image of server: valkey/valkey:8.1 -> registry.example/valkey:8.1.4
      orders-shard-0: orders-shard-0-1, then orders-shard-0-0
      orders-shard-1: orders-shard-1-1, then orders-shard-1-0
      orders-shard-2: orders-shard-2-1, then orders-shard-2-0
      replicas first; a primary hands over to a replica that has everything before its own pod ends
  applied live: rules changes
      Role orders-agent
`);
});

test('Markdown for a pull request', () => {
  const plan = planChanges(side(), side({ directives: { 'slowlog-max-len': 512 } }));
  expect(planAsMarkdown(plan)).toBe(`### Databases: applied live

#### \`shop/orders\`: applied live

- **applied live**: servers are told by CONFIG SET and go on
  - slowlog-max-len 512 (was unset)
`);
});

test('what does not change is one line', () => {
  const elsewhere = JSON.parse(JSON.stringify(side()).replaceAll('"shop"', '"staging"')) as unknown[];
  expect(planAsText(planChanges(side(), side()))).toBe('nothing changes: shop/orders\n');
  expect(planAsMarkdown(planChanges(elsewhere, [...side(), ...elsewhere]))).toMatch(
    /^### Databases: new\n\n#### `shop\/orders`: new\n[^]*\n\nNothing changes: `staging\/orders`\n$/,
  );
  expect(planAsText(planChanges(elsewhere, side()))).toMatch(/\n\nin all: refused\n$/);
});

test('long lists are cut', () => {
  const text = planAsText(planChanges(side(), side({ shards: 100 })));
  expect(text).toContain('shard-9 is added\n      and 90 more\n');
  expect(text.split('\n').length).toBeLessThan(40);
});

test('what a file says does not format the comment', () => {
  const now = edited(side(), 'Service', (manifest) => ({
    ...manifest,
    spec: { ...manifest.spec, '**bold** [link](https://example.org) @team <b>': 1 },
  }));
  expect(planAsMarkdown(planChanges(side(), now))).toContain(
    'spec.\\*\\*bold\\*\\* \\[link\\](https://example.org) @\u200bteam \\<b\\> changes',
  );
});
