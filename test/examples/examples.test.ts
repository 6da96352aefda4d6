import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const repository = resolve(__dirname, '../..');

jest.setTimeout(60_000);

let outdir: string;

beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'examples-'));
});

afterEach(() => rmSync(outdir, { recursive: true }));

/** The files that a TypeScript program of the repository writes, by name. */
function run(program: string): Map<string, string> {
  const tsx = join(repository, 'node_modules/tsx/dist/cli.mjs');
  const { status, stderr } = spawnSync(process.execPath, [tsx, program], {
    cwd: repository,
    encoding: 'utf8',
    env: { ...process.env, CDK8S_OUTDIR: outdir, KEYSPACE_AGENT_IMAGE: undefined },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return filesOf(outdir);
}

const filesOf = (folder: string): Map<string, string> =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

const tracked = filesOf(join(repository, 'dist'));

test('the manifests in dist/ are those of the examples as they are now; if not, run "npm run synth"', () => {
  expect(run('charts/main.ts')).toEqual(tracked);
});

test('the same database as code and as a document is the same manifests, byte for byte', () => {
  expect(run('examples/orders.ts')).toEqual(new Map([['orders.k8s.yaml', tracked.get('orders.k8s.yaml')]]));
});

test('no password is in any manifest', () => {
  for (const text of tracked.values()) expect(text).not.toMatch(/requirepass|masterauth|kind: Secret/);
});
