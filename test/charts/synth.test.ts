/** The real command on real projects. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { synthesize } from '../../charts/synth';

const repository = resolve(__dirname, '../..');
const tsx = `node ${join(repository, 'node_modules/tsx/dist/cli.mjs')}`;

jest.setTimeout(60_000);

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'project-'));
  mkdirSync(join(project, 'specs'));
  configure(`app: ${tsx} ${join(repository, 'charts/main.ts')} specs/*.yaml`);
});

afterEach(() => rmSync(project, { recursive: true }));

const configure = (text: string) => writeFileSync(join(project, 'cdk8s.yaml'), `language: typescript\n${text}\n`);

const database = (name: string, rest = '') =>
  writeFileSync(
    join(project, 'specs', `${name}.yaml`),
    `kind: Cluster
metadata: { name: ${name}, namespace: shop }
spec: { engine: valkey, version: '8.1', auth: off, tls: off, persistence: off${rest} }
`,
  );

/** In this process: what it prints. */
function synth(): string[] {
  const lines: string[] = [];
  expect(synthesize(project, (line) => lines.push(line))).toBe(0);
  return lines;
}

/** The command itself. */
function keyspaceSynth(env: NodeJS.ProcessEnv = {}) {
  const command = `${tsx} ${join(repository, 'charts/cli.ts')} synth`;
  const options = { shell: true, cwd: project, encoding: 'utf8', env: { ...process.env, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(command, options);
  return { status, out: stdout, err: stderr };
}

const output = (name: string) => join(project, 'dist', `${name}.k8s.yaml`);

const everything = () =>
  readdirSync(join(project, 'dist')).map((name) => [name, readFileSync(join(project, 'dist', name), 'utf8')]);

test('writes a file a database, into a folder that was not there, and the next time nothing', () => {
  database('orders');
  database('carts');
  expect(synth()).toEqual(['wrote dist/carts.k8s.yaml', 'wrote dist/orders.k8s.yaml']);
  const { mtimeMs } = statSync(output('orders'));
  expect(synth()).toEqual(['dist is up to date']);
  expect(statSync(output('orders')).mtimeMs).toBe(mtimeMs);
});

test('removes the manifests of a spec that is gone', () => {
  database('orders');
  database('carts');
  synth();
  rmSync(join(project, 'specs/carts.yaml'));
  expect(synth()).toEqual(['removed dist/carts.k8s.yaml']);
  expect(existsSync(output('orders'))).toBe(true);
});

test('a bad spec leaves everything as it is, the manifests of good specs too, and every problem is told', () => {
  database('orders');
  database('carts');
  synth();
  const before = everything();
  database('orders', ', shards: 4');
  database('carts', ', shards: 2');
  database('users', ', replicas: 1');
  const { status, out, err } = keyspaceSynth();
  expect([status, out]).toEqual([1, '']);
  expect(err).toContain('specs/carts.yaml:3: [carts] spec.shards: must be a whole number from 3 to 500, got 2');
  expect(err).toContain('specs/users.yaml:3: [users] spec.replicas: unknown field; did you mean "replicasPerShard"?');
  expect(everything()).toEqual(before);
});

test('a bad spec makes no folder where there was none', () => {
  database('orders', ', shards: 2');
  expect(keyspaceSynth().status).toBe(1);
  expect(existsSync(join(project, 'dist'))).toBe(false);
});

test('takes the agent image of the whole synthesis from the environment', () => {
  database('orders');
  const { status, out } = keyspaceSynth({ KEYSPACE_AGENT_IMAGE: 'registry.example/agent:dev' });
  expect([status, out]).toEqual([0, 'wrote dist/orders.k8s.yaml\n']);
  expect(readFileSync(output('orders'), 'utf8')).toContain('image: registry.example/agent:dev');
});

test('runs the app of any cdk8s project, and passes its exit code on', () => {
  configure('app: node app.js\noutput: manifests');
  const app = join(project, 'app.js');
  writeFileSync(app, 'require("fs").writeFileSync(process.env.CDK8S_OUTDIR + "/own.k8s.yaml", "kind: Own\\n");');
  expect(synth()).toEqual(['wrote manifests/own.k8s.yaml']);
  writeFileSync(app, 'process.exit(7)');
  expect(synthesize(project, jest.fn())).toBe(7);
  expect(readFileSync(join(project, 'manifests/own.k8s.yaml'), 'utf8')).toBe('kind: Own\n');
});
