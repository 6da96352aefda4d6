/** `npm run bench -- NAME`: measures us and what one would use instead in the same run, and ends with a line a figure: `NAME ratio R goal G`. */
import { agentFootprint } from './agent';
import { bootstrap } from './bootstrap';
import { failover } from './failover';
import { failoverReplication } from './replicated/failover';
import { handoverReplication } from './replicated/handover';
import type { Figure } from './figure';
import { handover } from './handover';
import { kubernetes } from './kubernetes/kubernetes';
import { kubernetesReplication } from './kubernetes/replication';
import { planning } from './planning';
import { rebalance } from './rebalance';
import { synthesis } from './synth';

const benches: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  agent: agentFootprint,
  bootstrap,
  failover,
  'failover-replication': failoverReplication,
  handover,
  'handover-replication': handoverReplication,
  kubernetes,
  'kubernetes-replication': kubernetesReplication,
  planning,
  rebalance,
  synth: synthesis,
};

async function main(name: string | undefined): Promise<void> {
  const bench = name === undefined ? undefined : benches[name];
  if (!bench) throw new Error(`bench "${name ?? ''}": there are ${Object.keys(benches).join(', ')}`);
  const figures = await bench();
  for (const { name: figure, ratio, goal } of figures) console.log(`${figure} ratio ${ratio.toFixed(2)} goal ${goal}`);
  if (figures.some(({ ratio, goal }) => ratio > goal)) process.exitCode = 1;
}

main(process.argv[2]).catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 2;
});
