/** The load as a program, where the bench is not: `mark` and `read-back` on standard input; the answer to each is what was felt, a line on standard output. */
import { createInterface } from 'node:readline';

import { clusterClient } from './clients';
import { startLoad } from './load';

const { SEEDS = '', PASSWORD = '' } = process.env;

async function main(): Promise<void> {
  const seeds = SEEDS.split(',').map((seed) => {
    const [host = '', port] = seed.split(':');
    return { host, port: Number(port) };
  });
  const load = startLoad(clusterClient(seeds, { password: PASSWORD }));
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'mark') load.mark();
    else await load.readBack();
    console.log(JSON.stringify(load.felt()));
  }
  await load.end();
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
