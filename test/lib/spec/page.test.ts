import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { synthesize } from '../synthesize';
import { defaultDirectives } from '../../../lib/resources/server-config';

const page = readFileSync(join(__dirname, '../../../docs/spec.md'), 'utf8');

test('the page on the spec has every directive that is set and can be set otherwise', () => {
  const props = {
    engine: { name: 'valkey', version: '8.1' },
    tls: 'off',
    persistence: 'off',
    modules: [],
    maxMemoryBytes: 1,
    maxMemoryPolicy: 'noeviction',
    replicas: 1,
    cluster: { nodeTimeoutMs: 5000 },
    directives: {},
  } as const;
  for (const [name] of defaultDirectives(props)) expect(page).toContain(`\`${name}`);
});

test('the page on the spec names every object that is made', () => {
  const names = synthesize().map(({ metadata }) => metadata.name.replace(/-[0-9a-f]{8}$/, '-...'));
  for (const name of names.filter((one) => !one.endsWith('shard-2'))) expect(page).toContain(`\`${name}\``);
});
