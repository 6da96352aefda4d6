import {
  CertificateSpecPrivateKeyAlgorithm,
  CertificateSpecPrivateKeyRotationPolicy,
  CertificateSpecUsages,
  type CertificateProps,
} from '../../imports/cert-manager.io';
import { objectNames } from '../contract/names';
import { objectLabels, objectMeta, type Family } from './metadata';

/** What the certificate of a database depends on. */
export interface DatabaseCertificateProps {
  readonly family: Family;
  readonly namespace: string;
  /** Domain of the Kubernetes cluster. */
  readonly clusterDomain: string;
  readonly issuer: { readonly name: string; readonly kind: string; readonly group: string };
  /** Services that clients connect to, by name. */
  readonly services: readonly string[];
  /** The Service that names every pod: its certificate covers whatever pods there will be. */
  readonly podService: string;
  /** Names by which the database is reached from elsewhere. */
  readonly dnsNames: readonly string[];
  /** As cert-manager writes durations: `2160h`. */
  readonly duration: string;
  /**
   * How long before its end the certificate is renewed.
   *
   * @default - cert-manager's: a third of `duration`
   */
  readonly renewBefore?: string;
}

/**
 * One certificate for both ends of every connection: servers, agents and exporters show it to clients, and to each other.
 * cert-manager writes it to a Secret as `tls.crt`, `tls.key` and `ca.crt`.
 */
export function databaseCertificate(props: DatabaseCertificateProps): CertificateProps {
  const { family, issuer } = props;
  const name = objectNames(family.database).certificate;
  return {
    metadata: objectMeta(family, name, 'configuration'),
    spec: {
      secretName: name,
      secretTemplate: { labels: objectLabels(family) },
      issuerRef: { name: issuer.name, kind: issuer.kind, group: issuer.group },
      dnsNames: certificateNames(props),
      // Probes, the exporter and people inside a pod.
      ipAddresses: ['127.0.0.1', '::1'],
      usages: [CertificateSpecUsages.SERVER_AUTH, CertificateSpecUsages.CLIENT_AUTH],
      // Small and quick; every client that speaks TLS 1.2 knows it.
      privateKey: {
        algorithm: CertificateSpecPrivateKeyAlgorithm.ECDSA,
        size: 256,
        rotationPolicy: CertificateSpecPrivateKeyRotationPolicy.ALWAYS,
      },
      duration: props.duration,
      ...(props.renewBefore === undefined ? {} : { renewBefore: props.renewBefore }),
      revisionHistoryLimit: 1,
    },
  };
}

/** Every name by which clients and nodes come, the shorter ones for those of the same namespace. */
export function certificateNames(
  props: Pick<DatabaseCertificateProps, 'namespace' | 'clusterDomain' | 'services' | 'podService' | 'dnsNames'>,
): string[] {
  const { namespace, clusterDomain, services, podService, dnsNames } = props;
  const within = (name: string) => [`${name}.${namespace}.svc.${clusterDomain}`, `${name}.${namespace}.svc`];
  const names = [
    ...[...services, podService].flatMap((name) => [...within(name), `${name}.${namespace}`, name]),
    ...within(`*.${podService}`),
    'localhost',
    ...dnsNames,
  ];
  return [...new Set(names)];
}
