import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { engines, type EngineName } from '../contract/engines';
import { containers, paths, ports, tlsFiles } from '../contract/names';
import { agentProbe } from './agent-container';
import { resourceRequirements } from './amounts';
import { containerSecurity } from './pod-security';

/** What the server's container depends on. */
export interface ServerContainerProps {
  readonly engine: EngineName;
  /** What runs: a server, or a Sentinel. */
  readonly program: 'server' | 'sentinel';
  readonly image: string;
  readonly imagePullPolicy: string;
  readonly resources: Parameters<typeof resourceRequirements>[0];
  readonly tls: boolean;
  readonly portNames: readonly (keyof typeof ports)[];
  readonly mounts: k8s.VolumeMount[];
}

/** The container that runs the database server. */
export function serverContainer(props: ServerContainerProps): k8s.Container {
  const alive = { exec: { command: ['sh', '-c', aliveScript(props)] } };
  return {
    name: containers.server,
    image: props.image,
    imagePullPolicy: props.imagePullPolicy,
    command: ['sh', '-c', startScript(props)],
    ports: props.portNames.map((name) => ({ name, containerPort: ports[name] })),
    resources: resourceRequirements(props.resources),
    securityContext: containerSecurity,
    volumeMounts: props.mounts,
    lifecycle: { preStop: { exec: { command: ['sh', '-c', stopScript] } } },
    // A server may be held for days, and is not restarted for it.
    startupProbe: { ...alive, periodSeconds: 2, timeoutSeconds: probeTimeout, failureThreshold: 2 ** 31 - 1 },
    // A restart drops what is only in memory: a minute of silence, more than any command or fork that comes to an end.
    // The hook runs then too, and a server that hangs has nothing to hand over: its own, short grace period.
    livenessProbe: {
      ...alive,
      periodSeconds: 10,
      timeoutSeconds: probeTimeout,
      failureThreshold: 6,
      terminationGracePeriodSeconds: 30,
    },
    readinessProbe: {
      ...agentProbe('/readyz', props.tls),
      periodSeconds: 2,
      timeoutSeconds: 2,
      failureThreshold: 3,
    },
  };
}

/** Seconds after which Kubernetes gives up on a probe; the probe gives up on the server a second before. */
const probeTimeout = 6;

/**
 * Every start of the container has an id and waits until the agent permits that very start: a permit for one that has
 * crashed is none for the next. As process 1, a shell has to say what ends it.
 */
const startScript = ({ engine, program }: ServerContainerProps): string =>
  `trap 'exit 0' TERM
rm -f ${paths.stopping} ${paths.stopped}
start=$(mktemp -u XXXXXXXXXX)
echo "$start" > ${paths.start}.new && mv ${paths.start}.new ${paths.start}
until rm ${paths.permit('$start')} 2>/dev/null; do sleep 0.05; done
${program === 'server' ? `exec ${engines[engine].server} ${paths.serverConfig}` : sentinelScript(engine)}
`;

/** A Sentinel writes what it learns to its configuration file, passwords among it: a copy that nobody else reads. */
const sentinelScript = (engine: EngineName): string => `umask 077
test -s ${paths.sentinelState} || cat ${paths.sentinelConfig} ${paths.nodeConfig} > ${paths.sentinelState}
exec ${engines[engine].sentinel} ${paths.sentinelState}`;

/**
 * The pod is ending: says so, and waits for the agent's word, which comes at the latest when the grace period ends. Nobody
 * restarts an agent that dies now, so two minutes without a sign of it are the end of waiting (`-mmin` counts whole minutes, and more than one).
 */
const stopScript = `touch ${paths.stopping}
until test -e ${paths.stopped} || test -n "$(find ${paths.stopping} -mmin +1)"; do sleep 0.1; done
`;

/**
 * Whether the server answers, whatever it says: that it is loading, that it has no primary, that a password is missing,
 * that it has too many clients, that a certificate is expired. A restart would help none of these. Only silence and a
 * closed port are no answer. Exit code 137: killed by `timeout`.
 */
function aliveScript({ engine, program, tls }: ServerContainerProps): string {
  const port = program === 'server' ? ports.client : ports.sentinel;
  const file = (name: keyof typeof tlsFiles) => `${paths.tls}/${tlsFiles[name]}`;
  const encryption = tls
    ? ` --tls --cacert ${file('authority')} --cert ${file('certificate')} --key ${file('key')}`
    : '';
  return `answer=$(timeout -s KILL ${probeTimeout - 1} ${engines[engine].cli} -h 127.0.0.1 -p ${port}${encryption} ping 2>&1)
test $? -ne 137 || exit 1
case $answer in *'Connection refused'*) exit 1 ;; esac
`;
}
