import { block, dataKey, objectName } from '../fields';

/** See {@link SecretProps}. */
export const secret = block('a Secret: { name }', { name: objectName('the name of a Secret') });

/** See {@link SecretKeyProps}. */
export const secretKey = block('a Secret: { name, key }', {
  name: objectName('the name of a Secret'),
  key: dataKey.default('password'),
});

/** See {@link SecretFileProps}. */
export const secretFile = block('a Secret: { name, key }', {
  name: objectName('the name of a Secret'),
  key: dataKey.default('users.acl'),
});
