import { slotCount } from '../../../lib/contract/slot-count';
import { describe as say } from '../../../sidecar/action';
import { countSlots, formatSlots, subtractSlots } from '../../../sidecar/slots';
import { fc, runs } from '../../chance';
import { votes } from '../../simulation/engine/state';
import { isLinked } from '../../simulation/server/replication';
import { claimedSlots, nodeOf, type Model } from './model';
import { onePass, tables, type Transcript } from './pass';
import { story, tell, type Story } from './story';

/** Pause between two passes of the planner; the bound is far more than the slowest repair, a second election, needs. Milliseconds. */
const passMs = 250;
const boundMs = 180_000;

/** Plans and acts until nothing is left to do. No slot loses its owner on the way. */
async function repair(model: Model, transcript: Transcript): Promise<void> {
  const until = model.ground.timeline.now() + boundMs;
  let owned = claimedSlots(model);
  for (;;) {
    const plan = await onePass(model, transcript);
    if (plan.length === 0) return;
    if (model.ground.timeline.now() > until) {
      throw new Error(`still not done after ${boundMs} ms: ${plan.map(say).join('; ')}`);
    }
    model.advance(passMs);
    const now = claimedSlots(model);
    const lost = subtractSlots(owned, now);
    if (lost.length > 0) throw new Error(`slots ${formatSlots(lost)} have lost their owner`);
    owned = now;
  }
}

/** What an empty plan promises. */
function expectComplete(model: Model): void {
  const { config, nodes } = model;
  const counts = config.shards.map((shard) => {
    const all = shard.nodes.map(({ name }) => nodeOf(model, name).server);
    const primaries = all.filter(({ engine }) => votes(engine.myself));
    expect(primaries).toHaveLength(1);
    const [primary] = primaries;
    for (const replica of all.filter((server) => server !== primary)) {
      expect(replica.engine.myself.primaryId).toBe(primary!.engine.myself.id);
      expect(isLinked(replica)).toBe(true);
    }
    return countSlots(primary!.engine.myself.slots);
  });
  expect(countSlots(claimedSlots(model))).toBe(slotCount);
  expect(counts.reduce((sum, count) => sum + count)).toBe(slotCount);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  for (const { server } of nodes) expect(server.engine.ok).toBe(true);
}

async function live(given: Story): Promise<void> {
  const transcript: Transcript = [];
  const model = await tell(given, transcript);
  try {
    await repair(model, transcript);
    expectComplete(model);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${transcript.join('\n')}\n${tables(model)}`, { cause: error });
  }
}

test('plans lead from any damage to a complete and balanced database, and no slot loses its owner on the way', async () => {
  await fc.assert(fc.asyncProperty(story, live), { numRuns: runs(150), endOnFailure: true });
}, 600_000);
