/** A module of the spec is loaded, and missed as soon as somebody takes it away. */
import { App, Chart, Yaml } from 'cdk8s';

import { Standalone } from '../../lib';
import type { Engine } from '../../lib/contract/engines';
import { startDatabase } from './support/database';
import { keydbLabel, testEngines } from './support/engines';
import { compileModule, hasCompiler } from './support/module';

jest.setTimeout(90_000);

const node = 'counter-server-0';
const able = hasCompiler();
let compiled: Awaited<ReturnType<typeof compileModule>> | undefined;

beforeAll(async () => {
  if (able) compiled = await compileModule();
});

afterAll(() => compiled?.remove());

(able ? test : test.skip).each(testEngines(['valkey-9.1', keydbLabel]))(
  '$label has it, and the status says which is missing',
  async ({ find }) => {
    const server = await find();
    const database = await startDatabase({ server, manifests: synthesize(server.engine) });
    await database.untilHealthy(15_000);
    expect(JSON.stringify(await database.ask(node, 'MODULE', 'LIST'))).toContain('"least"');
    // As somebody does who may: the engine keeps everybody else from it.
    await database.ask(node, 'MODULE', 'UNLOAD', 'least');
    await database.until(
      'it is missed',
      ({ health, reasons }) => health === 'Warning' && reasons.some((reason) => reason.includes(compiled!.path)),
    );
  },
);

function synthesize({ name: engine, version }: Engine): string {
  const chart = new Chart(new App(), 'counter', { namespace: 'shop' });
  new Standalone(chart, 'counter', {
    engine,
    version,
    auth: { secret: { name: 'counter-auth' } },
    tls: 'off',
    persistence: { size: '1Gi' },
    modules: [{ path: compiled!.path }],
    directives: engine === 'keydb' ? {} : { 'enable-module-command': 'local' },
  });
  return Yaml.stringify(...(chart.toJson() as object[]));
}
