import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { exporter, paths, ports, tlsFiles } from '../contract/names';
import { resourceRequirements } from './amounts';
import { containerSecurity } from './pod-security';

/** What the exporter's container depends on. */
export interface ExporterContainerProps {
  /** With a shell where `auth` is on: it waits for its password. */
  readonly image: string;
  readonly imagePullPolicy: string;
  readonly port: number;
  readonly resources: Parameters<typeof resourceRequirements>[0];
  readonly mounts: k8s.VolumeMount[];
  /** The server asks who connects. */
  readonly auth: boolean;
  readonly tls: 'off' | { readonly serverName: string };
  /** The user's own variables, over ours. */
  readonly env: Readonly<Record<string, string>>;
}

/** Default image. The one with a shell, see {@link ExporterContainerProps.image}. */
export const defaultExporterImage = 'oliver006/redis_exporter:v1.88.0-alpine';

/** How it names the server beside it. */
export const exporterAddress = (tls: boolean): string => `${tls ? 'rediss' : 'redis'}://localhost:${ports.client}`;

/**
 * The container that exports the server's own figures: https://github.com/oliver006/redis_exporter
 *
 * Set up by variables and not by flags: a variable that a version does not know does no harm. None of them is a secret.
 * There is no readiness probe, because a pod that is not ready serves no clients, and they can do without metrics.
 */
export function exporterContainer(props: ExporterContainerProps): k8s.Container {
  const port = k8s.IntOrString.fromNumber(props.port);
  return {
    name: exporter.container,
    image: props.image,
    imagePullPolicy: props.imagePullPolicy,
    ...(props.auth ? { command: ['sh', '-c', startScript] } : {}),
    env: Object.entries({ ...settings(props), ...props.env }).map(([name, value]) => ({ name, value })),
    ports: [{ name: exporter.port, containerPort: props.port }],
    resources: resourceRequirements(props.resources),
    securityContext: containerSecurity,
    volumeMounts: props.mounts,
    livenessProbe: {
      httpGet: { path: '/health', port, ...(props.tls === 'off' ? {} : { scheme: 'HTTPS' }) },
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 6,
    },
  };
}

/** The agent makes the password as soon as it runs. As process 1, a shell has to say what ends it. */
const startScript = `trap 'exit 0' TERM
until test -s ${paths.exporterPasswords}; do sleep 0.1; done
exec /redis_exporter
`;

const settings = ({ port, auth, tls }: ExporterContainerProps): Record<string, string> => ({
  REDIS_ADDR: exporterAddress(tls !== 'off'),
  REDIS_EXPORTER_WEB_LISTEN_ADDRESS: `:${port}`,
  // Shorter than Prometheus waits for a scrape, so that one of a server that hangs says so.
  REDIS_EXPORTER_CONNECTION_TIMEOUT: '5s',
  // CONFIG would tell it every password.
  REDIS_EXPORTER_CONFIG_COMMAND: '-',
  // Or anybody who reaches the port could have it connect to anywhere.
  REDIS_EXPORTER_DISABLE_SCRAPE_ENDPOINT: 'true',
  ...(auth ? { REDIS_USER: exporter.user, REDIS_PASSWORD_FILE: paths.exporterPasswords } : {}),
  ...(tls === 'off' ? {} : encryption(tls.serverName)),
});

/** To the server as its client, and to Prometheus as a server. Files are read again for every connection. */
function encryption(serverName: string): Record<string, string> {
  const file = (name: keyof typeof tlsFiles) => `${paths.tls}/${tlsFiles[name]}`;
  return {
    REDIS_EXPORTER_TLS_CA_CERT_FILE: file('authority'),
    REDIS_EXPORTER_TLS_CLIENT_CERT_FILE: file('certificate'),
    REDIS_EXPORTER_TLS_CLIENT_KEY_FILE: file('key'),
    REDIS_EXPORTER_TLS_SERVER_NAME: serverName,
    REDIS_EXPORTER_TLS_SERVER_CERT_FILE: file('certificate'),
    REDIS_EXPORTER_TLS_SERVER_KEY_FILE: file('key'),
  };
}
