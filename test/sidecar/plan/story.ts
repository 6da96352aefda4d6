import { fc } from '../../chance';
import { damage, disguise, inflict, unmask, type Damage } from './damage';
import { note, onePass, type Transcript } from './pass';
import { createModel, type Model, type Shape } from './model';

/** How a bootstrap goes: after each of its passes only so many actions are done, and the bus has so long to spread the news. */
interface Pass {
  readonly actions: number;
  readonly thenMs: number;
}

/** What has happened to a database when the planner is left alone with it. */
export interface Story {
  readonly shape: Shape;
  readonly bootstrap: readonly Pass[];
  readonly damages: readonly { readonly what: Damage; readonly thenMs: number }[];
  /** Nodes, by number, that are away for some passes: silent agents, stopped servers, strangers at their addresses. */
  readonly silent: readonly number[];
  readonly stopped: readonly number[];
  readonly replaced: readonly number[];
  readonly passesAway: number;
}

const shape = fc.record({
  shards: fc.integer({ min: 3, max: 4 }),
  replicas: fc.integer({ min: 0, max: 2 }),
  seed: fc.nat(),
});

const pause = fc.oneof(fc.nat(300), fc.nat(8000));

const some = fc.uniqueArray(fc.nat(11), { maxLength: 3 });

/** Any story. */
export const story: fc.Arbitrary<Story> = fc.record({
  shape,
  bootstrap: fc.array(fc.record({ actions: fc.oneof(fc.nat(6), fc.constant(Infinity)), thenMs: pause }), {
    maxLength: 12,
  }),
  damages: fc.array(fc.record({ what: damage, thenMs: pause }), { maxLength: 5 }),
  silent: some,
  stopped: some,
  replaced: some,
  passesAway: fc.nat(8),
});

/** Makes it happen, as far as the planner has a part in it with the planner. */
export async function tell(given: Story, transcript: Transcript): Promise<Model> {
  const model = createModel(given.shape);
  model.advance(100);
  for (const { actions, thenMs } of given.bootstrap) {
    await onePass(model, transcript, actions);
    model.advance(thenMs);
  }
  for (const { what, thenMs } of given.damages) {
    note(model, transcript, JSON.stringify(what));
    inflict(model, what);
    model.advance(thenMs);
  }
  const { silent, stopped, replaced } = given;
  const masks = disguise(model, { silent, stopped, replaced });
  for (let pass = 0; pass < given.passesAway; pass++) {
    await onePass(model, transcript);
    model.advance(700);
  }
  unmask(model, masks);
  return model;
}
