import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import type { ExporterAccess } from '../contract/agent-config';
import { exporter, paths } from '../contract/names';
import { defaultExporterImage, exporterAddress, exporterContainer } from '../resources/exporter-container';
import { exporterMounts, type VolumesProps } from '../resources/volumes';
import type { AnySpec } from '../spec/read-spec';
import { resolveResources } from '../spec/rules/resources';

/** How the exporter gets in; undefined where there is none, or everybody gets in. */
export function exporterAccess({ auth, tls, monitoring }: AnySpec): ExporterAccess | undefined {
  if (auth === 'off' || !monitoring.exporter) return undefined;
  return { user: exporter.user, passwordsFile: paths.exporterPasswords, address: exporterAddress(tls !== 'off') };
}

/** A name that the certificate covers, whoever made it: certificates are asked for to hold that of every node. */
export const certifiedHost = ({ layout }: AnySpec): string => layout[0]!.nodes[0]!.host;

/** The exporter beside each server, where there is one. */
export function exporterOf(spec: AnySpec, files: VolumesProps): k8s.Container | undefined {
  const wanted = spec.monitoring.exporter;
  if (!wanted) return undefined;
  return exporterContainer({
    image: wanted.image ?? defaultExporterImage,
    imagePullPolicy: spec.imagePullPolicy,
    port: wanted.port,
    resources: resolveResources(wanted.resources),
    mounts: exporterMounts(files),
    auth: spec.auth !== 'off',
    tls: spec.tls === 'off' ? 'off' : { serverName: certifiedHost(spec) },
    env: wanted.env,
  });
}
