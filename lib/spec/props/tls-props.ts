import type { SecretProps } from './secret-props';

/** Every connection is encrypted: clients, replication, cluster bus and agents. */
export type TlsProps = TlsSecretProps | TlsIssuerProps;

/** Encryption with a certificate that is already there. */
export interface TlsSecretProps {
  /** Holds `tls.crt`, `tls.key` and `ca.crt`, as cert-manager writes them. */
  readonly secret: SecretProps;

  /**
   * Whether clients show a certificate of the same authority. The engine's `tls-auth-clients`.
   *
   * `required` turns clients without one away, `optional` checks one that is shown, `off` does not ask.
   */
  readonly clientCertificates: 'required' | 'optional' | 'off';
}

/** Encryption with a certificate that cert-manager makes and renews: https://cert-manager.io/docs/usage/certificate/ */
export interface TlsIssuerProps {
  /** Who signs the certificate. An issuer of public certificates cannot: the names are of this Kubernetes cluster. */
  readonly issuer: IssuerProps;

  /**
   * How long the certificate holds, as cert-manager writes it: `2160h`. Minimum: 1h.
   *
   * @default 2160h
   */
  readonly duration?: string;

  /**
   * How long before its end it is renewed. Minimum: 5m.
   *
   * @default - a third of `duration`
   */
  readonly renewBefore?: string;

  /**
   * Further names that the certificate holds, such as those of `externalAccess`.
   *
   * @default - none
   */
  readonly dnsNames?: readonly string[];

  /**
   * Whether clients show a certificate of the same authority. The engine's `tls-auth-clients`.
   *
   * `required` turns clients without one away, `optional` checks one that is shown, `off` does not ask.
   */
  readonly clientCertificates: 'required' | 'optional' | 'off';
}

/** An issuer of cert-manager. */
export interface IssuerProps {
  /** Name of the issuer. */
  readonly name: string;

  /**
   * An issuer of the database's namespace, or one of the whole Kubernetes cluster; issuers of other makers have other kinds.
   *
   * @default Issuer
   */
  readonly kind?: string;

  /**
   * API group of the issuer.
   *
   * @default cert-manager.io
   */
  readonly group?: string;
}
