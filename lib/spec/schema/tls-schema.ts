import * as z from 'zod';

import { block, listOf, matching, objectName, oneOf } from '../fields';
import { must } from '../problems';
import { dnsName, duration } from '../time-and-place';
import { secret } from './secret-schema';

const clientCertificates = oneOf(['required', 'optional', 'off']);

const issuer = block('an issuer of cert-manager: { name, kind, group }', {
  name: objectName('the name of an issuer'),
  kind: matching('the kind of an issuer, like "Issuer" or "ClusterIssuer"', /^[A-Z][A-Za-z0-9]*$/, 63).default(
    'Issuer',
  ),
  group: objectName('an API group').default('cert-manager.io'),
});

/** See {@link DatabaseProps.tls}. */
export const tls = z.union(
  [
    z.literal('off'),
    block('{ secret: { name }, clientCertificates }', { secret, clientCertificates }),
    block('{ issuer: { name }, clientCertificates }', {
      issuer,
      duration: duration(3600).default('2160h'),
      renewBefore: duration(300).optional(),
      dnsNames: listOf('host names', dnsName).default([]),
      clientCertificates,
    }),
  ],
  {
    error: must(
      '{ secret: { name }, clientCertificates }, { issuer: { name }, clientCertificates } or "off"',
      '"off" sends passwords and data in the clear, so it is yours to say',
    ),
  },
);
