/** The load as a program, where the bench is not: `mark`, `fill KEYS` and `read-back` on standard input; the answer to each is what was felt, a line on standard output. */
import { createInterface } from 'node:readline';

import { clusterClient } from './clients';
import { startLoad } from './load';
import { createMass } from './mass';

const { SEEDS = '', PASSWORD = '' } = process.env;

async function main(): Promise<void> {
  const seeds = SEEDS.split(',').map((seed) => {
    const [host = '', port] = seed.split(':');
    return { host, port: Number(port) };
  });
  const load = startLoad(clusterClient(seeds, { password: PASSWORD }));
  const mass = createMass(seeds, { password: PASSWORD });
  for await (const line of createInterface({ input: process.stdin })) {
    const [word, keys] = line.split(' ');
    let lost = 0;
    if (word === 'mark') load.mark();
    else if (word === 'fill') await mass.fill(Number(keys));
    else {
      await load.readBack();
      lost = await mass.countLost();
    }
    const felt = load.felt();
    console.log(JSON.stringify({ ...felt, lost: felt.lost + lost }));
  }
  await load.end();
  mass.end();
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
