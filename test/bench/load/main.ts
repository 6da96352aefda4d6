/** The load as a program, where the bench is not: `mark`, `fill KEYS` and `read-back` on standard input; the answer to each is what was felt, a line on standard output. */
import { createInterface } from 'node:readline';

import { clusterClient, plainClient, sentinelClient } from './clients';
import { startLoad, type LoadClient } from './load';
import { createMass } from './mass';

/** Places as `HOST:PORT,...`: of a cluster, or of one Service, or of Sentinels; and of these the name of the primary. */
const { SEEDS = '', SERVICE = '', SENTINELS = '', MASTER = '', PASSWORD = '' } = process.env;

const placesIn = (text: string): { host: string; port: number }[] =>
  text.split(',').map((place) => {
    const [host = '', port] = place.split(':');
    return { host, port: Number(port) };
  });

function connect(): LoadClient {
  const credentials = { password: PASSWORD };
  if (SEEDS !== '') return clusterClient(placesIn(SEEDS), credentials);
  if (SENTINELS === '') return plainClient({ ...credentials, ...placesIn(SERVICE)[0]! });
  return sentinelClient(placesIn(SENTINELS), MASTER, credentials);
}

async function main(): Promise<void> {
  const load = startLoad(connect());
  const mass = createMass(placesIn(SEEDS), { password: PASSWORD });
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
