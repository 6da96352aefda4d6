import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { startHelper } from '../../kubernetes/support/helper-pods';
import type { Orders } from '../../kubernetes/support/orders';
import { bundleProgram } from '../../servers/support/bundle-program';
import type { Felt } from '../load/load';

/** The load in a pod beside the database, as an application runs. */
export interface LoadPod {
  readonly mark: () => Promise<void>;
  /** Writes so many keys more. */
  readonly fill: (keys: number) => Promise<void>;
  /** Reads back everything that was acknowledged. @returns what was felt since the mark */
  readonly felt: () => Promise<Felt>;
  readonly end: () => Promise<void>;
}

const pod = 'load';
const program = '/program/load.js';

/** Where it runs. */
export type LoadPlace = Pick<Orders, 'namespace' | 'quietNode' | 'setting'>;

/**
 * Starts the writers.
 *
 * @param clients environment of the program `load/main.ts`: how they find the database, and what they sign in with
 */
export async function startLoadPod(
  { namespace, quietNode, setting }: LoadPlace,
  clients: Readonly<Record<string, string>>,
): Promise<LoadPod> {
  const data = { 'load.js': readProgram() };
  await namespace.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: pod }, data });
  await startHelper(namespace, {
    name: pod,
    node: quietNode,
    containers: [
      {
        name: pod,
        image: setting.agentImage,
        command: ['node', '--eval', 'setInterval(() => undefined, 1e6)'],
        volumeMounts: [{ name: 'program', mountPath: '/program' }],
      },
    ],
    volumes: [{ name: 'program', configMap: { name: pod } }],
  });
  const environment = Object.entries(clients).map(([name, value]) => `${name}=${value}`);
  const inside = ['exec', '--stdin', pod, '--', 'env', ...environment, 'node', program];
  const child = spawn('kubectl', ['--namespace', namespace.name, ...inside], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const say = async (word: string): Promise<Felt> => {
    child.stdin.write(`${word}\n`);
    const { value, done } = (await answers.next()) as IteratorResult<string, undefined>;
    if (done) throw new Error('the load has ended');
    return JSON.parse(value) as Felt;
  };
  return {
    mark: async () => {
      await say('mark');
    },
    fill: async (keys) => {
      await say(`fill ${keys}`);
    },
    felt: () => say('read-back'),
    end: async () => {
      child.stdin.end();
      await once(child, 'close');
    },
  };
}

function readProgram(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keyspace-bench-'));
  try {
    const file = join(folder, 'load.js');
    bundleProgram('test/bench/load/main.ts', file);
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
