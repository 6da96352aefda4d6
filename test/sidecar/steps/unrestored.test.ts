/** A database that is to start from a backup does not start empty in its place. */
import { describe as say } from '../../../sidecar/action';
import { judge } from '../../../sidecar/health';
import { permit } from '../../../sidecar/steps/permit';
import { permitAlone } from '../../../sidecar/steps/standalone/permit-alone';
import { clusterConfig } from '../support/config';
import { database, ownView, sound, type Sketch } from '../support/views';

const restore = { source: { folder: '/backups' }, database: 'test/db', from: { backup: 'latest' } };
const config = clusterConfig(3, 1, { restore });
const why = 'the spec says "restore", which has to be done by hand, and nothing is on the volumes yet';

const empty = { hasData: false };
const held: Sketch = { down: 'absent' };
const nobody = Object.fromEntries(Object.keys(sound).map((name) => [name, held]));

test('a node without data is held, and the status says why', () => {
  const view = database(nobody);
  expect(permit(ownView(view, 's0-0', { disk: empty }), config).map(say)).toEqual([`wait: held: ${why}`]);
  expect(judge(config, view)).toMatchObject({ health: 'Critical' });
  expect(judge(config, view).reasons).toContain(why);
  expect(judge(clusterConfig(3, 1), view).reasons).not.toContain(why);
});

test('a node with data starts: it was restored, or has been running all the time', () => {
  const [action] = permit(ownView(database(nobody), 's0-0', { disk: { hasData: true } }), config);
  expect(action).toMatchObject({ do: 'permit', node: 's0-0' });
});

test('a node without data starts once another runs, which it will follow', () => {
  const view = database({ ...nobody, 's1-0': sound['s1-0']! });
  const [action] = permit(ownView(view, 's0-0', { disk: empty }), config);
  expect(action).toMatchObject({ do: 'permit', node: 's0-0' });
});

test('the only node of a database is held as well', () => {
  const view = database(nobody);
  expect(permitAlone(ownView(view, 's0-0', { disk: empty }), config).map(say)).toEqual([`wait: held: ${why}`]);
  expect(permitAlone(ownView(view, 's0-0', { disk: { hasData: true } }), config)).toMatchObject([{ do: 'permit' }]);
});
