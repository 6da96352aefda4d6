import { block, flag, listOf, matching, offOr, oneOf, text, wholeNumber } from '../fields';
import { mustUnseen } from '../problems';
import { host, port } from '../time-and-place';
import { secretKey } from './secret-schema';

const nodeUpgradeFields = {
  validationTimeoutSeconds: wholeNumber(30, 86_400).default(300),
  supervised: flag.default(false),
};

/** See {@link NodeUpgradeProps}. */
export const nodeUpgrade = block('{ validationTimeoutSeconds, supervised }', nodeUpgradeFields).prefault({});

/** See {@link UpgradeProps}. */
export const upgrade = block('{ strategy, maxUnavailable, validationTimeoutSeconds, supervised }', {
  strategy: oneOf(['RollingUpdate', 'Recreate']).default('RollingUpdate'),
  maxUnavailable: wholeNumber(1, 500).default(1),
  ...nodeUpgradeFields,
}).prefault({});

/** See {@link ReplicaOfProps}. */
export const replicaOf = block('{ host, port, auth, tls }', {
  host,
  port: port.default(6379),
  auth: offOr(
    block('{ user, secret: { name, key } }', {
      user: text('the name of a user').default('default'),
      secret: secretKey,
    }),
    '{ user, secret: { name, key } } or "off"',
    mustUnseen('{ user, secret: { name, key } } or "off"'),
  ),
  tls: oneOf(['on', 'off']),
});

/** See {@link PeerProps}. */
export const peer = block('{ host, port }', { host, port: port.default(6379) });

/** See {@link ModuleProps}. */
export const modules = listOf(
  'modules: { path, arguments }',
  block('{ path, arguments }', {
    path: matching('an absolute path in the image', /^\/[^\s\p{Cc}"']+$/u, 512),
    arguments: listOf('words', text('a word')).default([]),
  }),
).default([]);
