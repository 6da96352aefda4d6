import { App, Chart } from 'cdk8s';

import { Cluster } from '../../lib';
import { leastProps, named, ofKind, synthesize, type Manifest } from './synthesize';

interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly [field: string]: unknown;
}

interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers: readonly Container[];
  readonly volumes: readonly (Readonly<Record<string, unknown>> & { readonly name: string })[];
  readonly [field: string]: unknown;
}

interface Constraint {
  readonly topologyKey: string;
  readonly whenUnsatisfiable: string;
  readonly nodeTaintsPolicy: string;
  readonly labelSelector: { readonly matchLabels: Readonly<Record<string, string>> };
}

const podOf = (manifests: readonly Manifest[]): PodSpec =>
  named(manifests, 'StatefulSet', 'orders-shard-0').spec.template.spec as PodSpec;

const serverOf = (manifests: readonly Manifest[]): Container => podOf(manifests).containers[0]!;
const agentOf = (manifests: readonly Manifest[]): Container => podOf(manifests).initContainers[0]!;

const tls = { secret: { name: 'orders-tls' }, clientCertificates: 'required' } as const;

describe('permissions', () => {
  test('name every object, but for what has to be new: events, and the lease', () => {
    const { rules } = named(synthesize(), 'Role', 'orders-agent') as unknown as {
      rules: { resources: string[]; verbs: string[]; resourceNames?: string[] }[];
    };
    const pods = ['0-0', '0-1', '1-0', '1-1', '2-0', '2-1'].map((node) => `orders-shard-${node}`);
    expect(rules.map(({ resources, verbs, resourceNames }) => [resources, verbs, resourceNames])).toEqual([
      [['leases'], ['get', 'patch'], ['orders-coordinator']],
      [['configmaps'], ['get', 'patch'], ['orders-status']],
      [['configmaps'], ['get'], ['orders-agent', 'orders-server']],
      [['pods'], ['get', 'patch', 'delete'], pods],
      [['pods/log'], ['get'], pods],
      [['statefulsets'], ['get', 'patch'], ['orders-shard-0', 'orders-shard-1', 'orders-shard-2']],
      [['events'], ['create'], undefined],
      [['leases'], ['create'], undefined],
    ]);
  });

  test('only the agent has a token', () => {
    const manifests = synthesize();
    const token = '/var/run/secrets/kubernetes.io/serviceaccount';
    expect(named(manifests, 'ServiceAccount', 'orders-agent').automountServiceAccountToken).toBe(false);
    expect(podOf(manifests).automountServiceAccountToken).toBe(false);
    expect(agentOf(manifests).volumeMounts.map(({ mountPath }) => mountPath)).toContain(token);
    expect(serverOf(manifests).volumeMounts.map(({ mountPath }) => mountPath)).not.toContain(token);
  });

  test.each([['server'], ['agent']] as const)('the %s runs as the restricted standard asks', (which) => {
    const container = (which === 'server' ? serverOf : agentOf)(synthesize());
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });
});

describe('secrets', () => {
  test('are mounted where they are read, the password by the agent only', () => {
    const manifests = synthesize({ tls });
    const mounts = (container: Container) => container.volumeMounts.map(({ mountPath }) => mountPath);
    expect(mounts(agentOf(manifests))).toEqual(expect.arrayContaining(['/etc/keyspace/auth', '/etc/keyspace/tls']));
    expect(mounts(serverOf(manifests))).toContain('/etc/keyspace/tls');
    expect(mounts(serverOf(manifests))).not.toContain('/etc/keyspace/auth');
  });

  test('become the file "password", whatever their key is', () => {
    const pod = podOf(synthesize({ auth: { secret: { name: 'shared', key: 'orders' } } }));
    expect(pod.volumes.find(({ name }) => name === 'auth')).toEqual({
      name: 'auth',
      projected: {
        defaultMode: 0o440,
        sources: [{ secret: { name: 'shared', items: [{ key: 'orders', path: 'password' }] } }],
      },
    });
  });

  test('are not mounted where nobody asks for them', () => {
    const names = podOf(synthesize({ auth: 'off', tls: 'off' })).volumes.map(({ name }) => name);
    expect(names).toEqual(['run', 'server-config', 'agent-config', 'token']);
  });
});

describe('the server', () => {
  test('waits for a permit of this very start, and clears what the last one left', () => {
    const [shell, flag, script] = serverOf(synthesize({ version: '8.1' })).command;
    expect([shell, flag]).toEqual(['sh', '-c']);
    expect(script!.split('\n')).toEqual([
      "trap 'exit 0' TERM",
      'rm -f /run/keyspace/stopping /run/keyspace/stopped',
      'start=$(mktemp -u XXXXXXXXXX)',
      'echo "$start" > /run/keyspace/start.new && mv /run/keyspace/start.new /run/keyspace/start',
      'until rm /run/keyspace/permit.$start 2>/dev/null; do sleep 0.05; done',
      'exec valkey-server /etc/keyspace/server/server.conf',
      '',
    ]);
  });

  test('is another program with another engine', () => {
    const manifests = synthesize({ engine: 'redis' });
    expect(serverOf(manifests).command[2]).toContain('exec redis-server ');
    expect(JSON.stringify(serverOf(manifests).livenessProbe)).toContain('redis-cli');
    expect(serverOf(manifests).image).toBe('redis:8.0');
  });

  test('may be held for as long as it takes, and hang for a minute, before it is restarted', () => {
    const { startupProbe, livenessProbe } = serverOf(synthesize()) as unknown as Record<
      'startupProbe' | 'livenessProbe',
      { failureThreshold: number; periodSeconds: number }
    >;
    const years = (startupProbe.failureThreshold * startupProbe.periodSeconds) / (365 * 86_400);
    expect(years).toBeGreaterThan(100);
    expect(livenessProbe.failureThreshold * livenessProbe.periodSeconds).toBe(60);
  });

  test('is ready when its agent says so, and alive whatever its agent does', () => {
    const server = serverOf(synthesize());
    expect(server.readinessProbe).toMatchObject({ httpGet: { path: '/readyz', port: 8379 } });
    expect(server.readinessProbe).not.toHaveProperty('httpGet.scheme');
    expect(server.livenessProbe).not.toHaveProperty('httpGet');
    expect(server.startupProbe).not.toHaveProperty('httpGet');
  });

  test('is asked over TLS where it speaks nothing else', () => {
    const probe = JSON.stringify(serverOf(synthesize({ tls })).livenessProbe);
    expect(probe).toContain('--tls --cacert /etc/keyspace/tls/ca.crt');
    expect(JSON.stringify(serverOf(synthesize()).livenessProbe)).not.toContain('--tls');
  });

  test('has an agent that the kubelet asks over HTTPS where the agents speak nothing else', () => {
    const manifests = synthesize({ tls });
    expect(serverOf(manifests).readinessProbe).toMatchObject({ httpGet: { path: '/readyz', scheme: 'HTTPS' } });
    expect(agentOf(manifests).livenessProbe).toMatchObject({ httpGet: { path: '/livez', scheme: 'HTTPS' } });
  });

  test('is started anew when a directive changes that only a start reads, and only then', () => {
    const hash = (change: Parameters<typeof synthesize>[0]) => {
      const { metadata } = named(synthesize(change), 'StatefulSet', 'orders-shard-0').spec.template;
      return metadata.annotations['cdk8s-keyspace/server-config'];
    };
    expect(hash({ directives: { 'tcp-backlog': 5 } })).not.toBe(hash({}));
    for (const live of [{ directives: { timeout: 5 } }, { maxMemory: '64Mi' }, { shards: 4 }])
      expect(hash({ ...live, terminationGracePeriodSeconds: 60 })).toBe(hash({}));
  });
});

describe('the agent', () => {
  test('is a sidecar that starts before the server and ends after it', () => {
    const agent = agentOf(synthesize());
    expect(agent).toMatchObject({ name: 'agent', restartPolicy: 'Always', args: ['agent'] });
    expect(agent.env.map(({ name }) => name)).toEqual(['POD_NAME', 'POD_NAMESPACE', 'POD_IP', 'NODE_NAME', 'ZONE']);
  });

  test('has the image of the spec, else of the construct tree, else of this version', () => {
    const agentImage = (context: string | undefined, image: string | undefined) => {
      const app = new App();
      if (context) app.node.setContext('cdk8s-keyspace/agentImage', context);
      const chart = new Chart(app, 'shop', { namespace: 'shop' });
      new Cluster(chart, 'orders', { ...leastProps, agent: { image } });
      return agentOf(chart.toJson() as Manifest[]).image;
    };
    expect(agentImage(undefined, undefined)).toMatch(/^cdk8s-keyspace\/agent:\d+\.\d+\.\d+$/);
    expect(agentImage('agent:context', undefined)).toBe('agent:context');
    expect(agentImage('agent:context', 'agent:spec')).toBe('agent:spec');
  });
});

describe('the nodes of a shard', () => {
  test('are never on one host, and on one zone only where there is no other', () => {
    const constraints = podOf(synthesize()).topologySpreadConstraints as Constraint[];
    expect(
      constraints.map((one) => [
        one.topologyKey,
        one.whenUnsatisfiable,
        one.labelSelector.matchLabels['cdk8s-keyspace/shard'],
      ]),
    ).toEqual([
      ['kubernetes.io/hostname', 'DoNotSchedule', 'shard-0'],
      ['topology.kubernetes.io/zone', 'ScheduleAnyway', 'shard-0'],
      ['kubernetes.io/hostname', 'ScheduleAnyway', undefined],
    ]);
    expect(constraints.every((one) => one.nodeTaintsPolicy === 'Honor')).toBe(true);
  });

  test('are spread as the spec says, and with all others where Kubernetes takes a second constraint', () => {
    const spreadOf = (whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway') => {
      const topologySpread = [{ topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable }];
      const constraints = podOf(synthesize({ scheduling: { topologySpread } })).topologySpreadConstraints;
      return (constraints as Constraint[]).map((one) => one.labelSelector.matchLabels['cdk8s-keyspace/shard']);
    };
    expect(spreadOf('DoNotSchedule')).toEqual(['shard-0', undefined]);
    expect(spreadOf('ScheduleAnyway')).toEqual(['shard-0']);
  });

  test('have one disruption budget, which never waits for a broken pod', () => {
    const manifests = synthesize();
    const budgets = ofKind(manifests, 'PodDisruptionBudget');
    const selectors = budgets.map(({ spec }) => JSON.stringify(spec.selector));
    expect(new Set(selectors).size).toBe(ofKind(manifests, 'StatefulSet').length);
    expect(budgets.every(({ spec }) => spec.unhealthyPodEvictionPolicy === 'AlwaysAllow')).toBe(true);
  });

  test('keep their volumes when the shard or the database goes', () => {
    expect(named(synthesize(), 'StatefulSet', 'orders-shard-0').spec.persistentVolumeClaimRetentionPolicy).toEqual({
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
    });
  });

  test('have no volume without persistence', () => {
    const manifests = synthesize({ persistence: 'off' });
    expect(named(manifests, 'StatefulSet', 'orders-shard-0').spec).not.toHaveProperty('volumeClaimTemplates');
    expect(podOf(manifests).volumes).toContainEqual({ name: 'data', emptyDir: {} });
  });

  test('leave how far a roll-out has come to the agents', () => {
    expect(named(synthesize(), 'StatefulSet', 'orders-shard-0').spec.updateStrategy).toEqual({ type: 'RollingUpdate' });
  });

  test('go where the spec sends them', () => {
    const scheduling = {
      nodeSelector: { disk: 'fast' },
      tolerations: [{ key: 'dedicated', operator: 'Exists' }],
      priorityClassName: 'databases',
    } as const;
    const pod = podOf(synthesize({ scheduling, imagePullSecrets: ['registry'] }));
    expect(pod).toMatchObject({ ...scheduling, imagePullSecrets: [{ name: 'registry' }] });
  });
});

describe('the status that the agents fill', () => {
  test('is empty in Git, so that applying it again takes nothing away', () => {
    const manifests = synthesize();
    expect(named(manifests, 'ConfigMap', 'orders-status')).not.toHaveProperty('data');
  });
});

test('an agent that hangs is killed soon, however long a pod may take to end', () => {
  expect(agentOf(synthesize()).livenessProbe).toMatchObject({ terminationGracePeriodSeconds: 30 });
});

test('objects are applied before what needs them, and deleted after it', () => {
  const synced = synthesize().filter(({ metadata }) => metadata.annotations['argocd.argoproj.io/hook'] === undefined);
  const waves = synced.map(({ metadata }) => Number(metadata.annotations['argocd.argoproj.io/sync-wave']));
  expect(waves).toEqual([...waves].sort((a, b) => a - b));
  expect([waves[0], waves.at(-1)]).toEqual([-3, 0]);
});

test('the same props give the same bytes', () => {
  expect(JSON.stringify(synthesize({ tls }))).toBe(JSON.stringify(synthesize({ tls })));
});
