/** Telling a running server who is let in, and keeping one from starting that nobody could say it of. */
import { judge } from '../../../sidecar/health';
import { planNode } from '../../../sidecar/plan';
import type { AccountsView, OwnView } from '../../../sidecar/view';
import { clusterConfig } from '../support/config';
import { database, ownView, sound } from '../support/views';

const config = clusterConfig(3, 1);
const unclear: AccountsView = { state: 'unclear', reason: 'line 3 of the users file is none' };

const plan = (accounts: AccountsView, rest: Partial<OwnView> = {}) =>
  planNode(ownView(database(sound), 's0-1', { accounts, ...rest }), config);

test('a server that runs is told what has changed, and nothing else', () => {
  expect(plan({ state: 'changed' })).toEqual([{ do: 'set-accounts', node: 's0-1' }]);
  expect(plan({ state: 'current' })).toEqual([]);
  expect(plan(unclear)).toEqual([]);
});

const down = { state: 'absent', reason: 'refused' } as const;

test('a server that does not run reads the file when it starts', () => {
  expect(plan({ state: 'changed' }, { server: down, permitted: true })).toEqual([]);
});

test('a server that nobody could say it of does not start, and the status says why', () => {
  const disk = { hasData: false };
  expect(plan(unclear, { server: down, disk })).toEqual([{ do: 'wait', why: `held: ${unclear.reason}` }]);
  expect(plan({ state: 'current' }, { server: down, disk })).toMatchObject([{ do: 'permit' }]);
  const seen = database({ ...sound, 's0-1': { down: 'absent', agent: { problem: unclear.reason } } });
  expect(judge(config, seen).reasons).toContain(`s0-1 is held: ${unclear.reason}`);
});

test('one that runs goes on, and the status warns', () => {
  const seen = database({ ...sound, 's0-1': { ...sound['s0-1'], agent: { problem: unclear.reason } } });
  expect(judge(config, seen)).toMatchObject({
    health: 'Warning',
    reasons: [`s0-1 would not start again: ${unclear.reason}`],
  });
});
