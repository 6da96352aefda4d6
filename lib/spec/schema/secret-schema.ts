import { block, dataKey, secretName } from '../fields';
import { mustUnseen } from '../problems';

/** See {@link SecretProps}. */
export const secret = block('a Secret: { name }', { name: secretName }, mustUnseen('a Secret: { name }'));

const withKey = 'a Secret: { name, key }';

/** See {@link SecretKeyProps}. */
export const secretKey = block(withKey, { name: secretName, key: dataKey.default('password') }, mustUnseen(withKey));

/** See {@link SecretFileProps}. */
export const secretFile = block(withKey, { name: secretName, key: dataKey.default('users.acl') }, mustUnseen(withKey));
