import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { exporterContainer, type ExporterContainerProps } from '../../../lib/resources/exporter-container';

const props: ExporterContainerProps = {
  imagePullPolicy: 'IfNotPresent',
  image: 'exporter:1',
  port: 9121,
  resources: { requests: { cpu: '20m' }, limits: { memory: '64Mi' } },
  mounts: [],
  auth: true,
  tls: 'off',
  env: {},
};

const container = (change: Partial<ExporterContainerProps> = {}) => exporterContainer({ ...props, ...change });

const variables = (change: Partial<ExporterContainerProps> = {}) =>
  Object.fromEntries(container(change).env!.map(({ name, value }) => [name, value]));

test('asks the server beside it, and no other, without the command that knows every password', () => {
  expect(variables()).toEqual({
    REDIS_ADDR: 'redis://localhost:6379',
    REDIS_USER: 'keyspace-exporter',
    REDIS_PASSWORD_FILE: '/run/keyspace-exporter/passwords.json',
    REDIS_EXPORTER_WEB_LISTEN_ADDRESS: ':9121',
    REDIS_EXPORTER_CONNECTION_TIMEOUT: '5s',
    REDIS_EXPORTER_CONFIG_COMMAND: '-',
    REDIS_EXPORTER_DISABLE_SCRAPE_ENDPOINT: 'true',
  });
});

test('with TLS it shows its certificate at both ends, and checks that of the server by a name it surely has', () => {
  expect(variables({ tls: { serverName: 'orders.shop.svc.cluster.local' } })).toMatchObject({
    REDIS_ADDR: 'rediss://localhost:6379',
    REDIS_EXPORTER_TLS_CA_CERT_FILE: '/etc/keyspace/tls/ca.crt',
    REDIS_EXPORTER_TLS_CLIENT_CERT_FILE: '/etc/keyspace/tls/tls.crt',
    REDIS_EXPORTER_TLS_CLIENT_KEY_FILE: '/etc/keyspace/tls/tls.key',
    REDIS_EXPORTER_TLS_SERVER_NAME: 'orders.shop.svc.cluster.local',
    REDIS_EXPORTER_TLS_SERVER_CERT_FILE: '/etc/keyspace/tls/tls.crt',
    REDIS_EXPORTER_TLS_SERVER_KEY_FILE: '/etc/keyspace/tls/tls.key',
  });
  expect(container({ tls: { serverName: 'orders' } }).livenessProbe?.httpGet).toMatchObject({ scheme: 'HTTPS' });
});

test('another port is another port everywhere', () => {
  const { ports, livenessProbe } = container({ port: 9999 });
  expect(ports).toEqual([{ name: 'exporter', containerPort: 9999 }]);
  expect(livenessProbe?.httpGet?.port.value).toBe(9999);
  expect(variables({ port: 9999 }).REDIS_EXPORTER_WEB_LISTEN_ADDRESS).toBe(':9999');
});

test('variables of the user come last', () => {
  const env = { REDIS_EXPORTER_CHECK_KEYS: 'jobs:*', REDIS_EXPORTER_CONNECTION_TIMEOUT: '9s' };
  expect(variables({ env })).toMatchObject(env);
  expect(container({ env }).env).toHaveLength(8);
});

test('does not decide whether clients are sent to the pod', () => {
  expect(container()).not.toHaveProperty('readinessProbe');
});

test('needs no shell where there is no password to wait for', () => {
  expect(container({ auth: false })).not.toHaveProperty('command');
  expect(variables({ auth: false })).not.toHaveProperty('REDIS_PASSWORD_FILE');
});

describe('the start', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'exporter-'));
    writeFileSync(join(folder, 'redis_exporter'), `#!/bin/sh\necho exporting\n`);
    chmodSync(join(folder, 'redis_exporter'), 0o755);
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const start = () => {
    const text = container()
      .command![2]!.replaceAll('/run/keyspace-exporter', folder)
      .replace('/redis_exporter', join(folder, 'redis_exporter'));
    const child = spawn('sh', ['-c', text], { stdio: ['ignore', 'pipe', 'ignore'] });
    return { child, ended: once(child, 'exit'), said: once(child.stdout, 'data') };
  };

  test('waits for the password that the agent makes', async () => {
    const { child, ended, said } = start();
    writeFileSync(join(folder, 'passwords.json'), '');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(child.exitCode).toBeNull();
    writeFileSync(join(folder, 'passwords.json'), '{}');
    expect(String((await said)[0])).toBe('exporting\n');
    expect(await ended).toEqual([0, null]);
  });

  test('ends at once when it is told to while it waits', async () => {
    const { child, ended } = start();
    await new Promise((resolve) => setTimeout(resolve, 200));
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
