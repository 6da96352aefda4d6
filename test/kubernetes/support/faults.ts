import { run } from './command';

/** Something that can be done to a cluster, and undone. */
export type Fault =
  /** A node loses power: every process of it is gone at once. It boots again with the same disk. */
  | { readonly breaks: `off ${string}`; readonly mends: `on ${string}` }
  /** A node's network is unplugged; its pods run on. */
  | { readonly breaks: `cut ${string}`; readonly mends: `join ${string}` }
  /** A part of the control plane is away. */
  | { readonly breaks: 'stop apiserver'; readonly mends: 'start apiserver' };

export const powerFailure = (node: string): Fault => ({ breaks: `off ${node}`, mends: `on ${node}` });
export const partition = (node: string): Fault => ({ breaks: `cut ${node}`, mends: `join ${node}` });
export const apiServerAway: Fault = { breaks: 'stop apiserver', mends: 'start apiserver' };

/** Longest time for a fault to be there or gone. Milliseconds. */
const boundMs = 90_000;

/** Lets something happen while a fault lasts. Mends it whatever happens. */
export async function during({ breaks, mends }: Fault, happen: () => Promise<void>): Promise<void> {
  await cause(breaks);
  try {
    await happen();
  } finally {
    await cause(mends);
  }
}

const cause = (what: string): Promise<string> => run(command()!, what.split(' '), { boundMs });

const command = (): string | undefined => process.env.KEYSPACE_FAULTS;

const whyNot =
  'KEYSPACE_FAULTS is not set: a command that takes "off NODE", "cut NODE", "stop apiserver" and what undoes them';

/** A test that needs faults: left out, loudly, where nothing can cause them; in CI that is a failure. */
export function faultTest(name: string, body: () => Promise<void>): void {
  if (command() !== undefined) {
    test(name, body);
  } else if (process.env.CI !== undefined) {
    test(name, () => Promise.reject(new Error(`${whyNot}; in CI no test is left out`)));
  } else {
    test.skip(`${name} (${whyNot})`, body);
  }
}
