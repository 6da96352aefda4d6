import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { crashReporter } from '../../../sidecar/local/crashes';
import { layout } from '../../../sidecar/local/layout';
import { temporaryFolder } from './fixture';

const root = temporaryFolder();
const node = 'orders-shard-0-0';
let said: string[] = [];
let report: ReturnType<typeof crashReporter>;

beforeEach(() => {
  said = [];
  report = crashReporter(root, (sentence) => said.push(sentence));
});

test('a process that fails is told of once, with what it said last', () => {
  const log = layout.log(root, node, 'server');
  mkdirSync(dirname(log), { recursive: true });
  writeFileSync(log, "Reading the configuration file, at line 3\n>>> 'no-such'\nBad directive\n");
  report(node, 'server', { code: 1, signal: null });
  report(node, 'server', { code: 1, signal: null });
  expect(said).toEqual([`the server of ${node} ended with code 1: >>> 'no-such' / Bad directive (${log})`]);
});

test('every kill is told of', () => {
  report(node, 'agent', { code: null, signal: 'SIGKILL' });
  report(node, 'agent', { code: null, signal: 'SIGKILL' });
  expect(said).toEqual(Array<string>(2).fill(`the agent of ${node} was ended by SIGKILL`));
});

test('a process without a log has said nothing', () => {
  report('orders-shard-9-0', 'agent', { code: 127, signal: null });
  expect(said[0]).toContain('ended with code 127: it has said nothing');
});
