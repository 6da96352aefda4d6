import { createLog } from '../../sidecar/log';

function createWorld(level?: 'debug') {
  const lines: Record<string, unknown>[] = [];
  const stream = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  const log = createLog({ database: 'orders', node: 'orders-0-0', ...(level ? { level } : {}) }, stream);
  return { log, lines };
}

test('a line says when, how bad, whose, what, and the facts', () => {
  const { log, lines } = createWorld();
  log.info({ cycle: 'node', tookMs: 3 }, 'nothing to do');
  log.warn({}, 'the server does not answer');
  expect(lines).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      database: 'orders',
      node: 'orders-0-0',
      cycle: 'node',
      tookMs: 3,
      msg: 'nothing to do',
    },
    expect.objectContaining({ level: 'warn', msg: 'the server does not answer' }),
  ]);
});

test('quiet lines are kept back until they are asked for', () => {
  const usual = createWorld();
  usual.log.debug({}, 'a detail');
  expect(usual.lines).toEqual([]);
  const curious = createWorld('debug');
  curious.log.debug({}, 'a detail');
  expect(curious.lines).toEqual([expect.objectContaining({ level: 'debug', msg: 'a detail' })]);
});

test('an error is its message: nothing that hangs on it, such as the command that failed, gets into the log', () => {
  const { log, lines } = createWorld();
  const error = Object.assign(new Error('WRONGPASS invalid username-password pair'), {
    command: { name: 'auth', args: ['default', 'the password'] },
  });
  log.warn({ error }, 'cannot connect');
  expect(lines[0]).toMatchObject({ error: 'WRONGPASS invalid username-password pair', msg: 'cannot connect' });
  log.warn(error, 'cannot connect');
  expect(JSON.stringify(lines)).not.toContain('the password');
});
