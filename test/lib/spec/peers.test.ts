/** What peers of a mesh need of the users that are let in. */
import { App, Chart } from 'cdk8s';

import { MultiMaster, type MultiMasterProps } from '../../../lib';

const build = (deniedCommands: readonly string[], peers: MultiMasterProps['peers'] = [{ host: 'east.example' }]) =>
  new MultiMaster(new Chart(new App(), 'chart', { namespace: 'shop' }), 'board', {
    auth: { secret: { name: 'board-auth' }, deniedCommands },
    tls: 'off',
    persistence: { size: '1Gi' },
    peers,
  });

test.each(['psync', '@dangerous', '@all'])('nobody denies them %s', (rule) => {
  expect(() => build(['flushall', rule])).toThrow(
    `auth.deniedCommands[1]: must not be denied while there are "peers", got "${rule}"; they copy as the user "default"`,
  );
});

test('other commands may be denied, and without peers these too', () => {
  expect(() => build(['flushall', 'keys'])).not.toThrow();
  expect(() => build(['psync', '@dangerous'], [])).not.toThrow();
});
