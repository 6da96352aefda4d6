import { bringConfiguration } from '../../../sidecar/steps/bring-configuration';
import { planDatabase } from '../../../sidecar/plan';
import { clusterConfig } from '../support/config';
import { database, sound } from '../support/views';

const config = clusterConfig(3, 1);
const view = (told?: string) => ({ ...database(sound), configuration: { version: '2', ...(told ? { told } : {}) } });

test('every pod is told of a version that it was not told of', () => {
  const nodes = config.shards.flatMap((shard) => shard.nodes.map(({ name }) => name));
  expect(bringConfiguration(view('1'), config)).toEqual([{ do: 'bring-configuration', nodes, version: '2' }]);
  expect(bringConfiguration(view('2'), config)).toEqual([]);
});

test('of the first version nobody is told: who has just started has it', () => {
  expect(bringConfiguration(view(), config)).toEqual([{ do: 'bring-configuration', nodes: [], version: '2' }]);
});

test('a pause keeps nobody from hearing that it is over', () => {
  const actions = planDatabase({ ...view('1'), paused: 'a person has asked for it' }, config);
  expect(actions.map((action) => action.do)).toEqual(['bring-configuration']);
});
