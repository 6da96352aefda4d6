import { authFiles, objectNames } from '../contract/names';
import type { SecretFile, Store, VolumesProps } from '../resources/volumes';
import type { AnySpec } from '../spec/read-spec';
import type { SecretKeyProps } from '../spec/props/secret-props';
import type { DestinationFields } from '../spec/schema/backup-schema';
import type { Spec } from '../spec/read-spec';
import { exporterAccess } from './exporter';

/** Where the password of the user `default` is; undefined where auth is off. */
export function passwordSecret({ auth, name }: Pick<AnySpec, 'auth' | 'name'>): Required<SecretKeyProps> | undefined {
  if (auth === 'off') return undefined;
  return auth.secret ?? { name: objectNames(name).generatedPassword, key: 'password' };
}

/** Secret of the certificate; undefined where tls is off. */
export function certificateSecret({ tls, name }: Pick<AnySpec, 'tls' | 'name'>): string | undefined {
  if (tls === 'off') return undefined;
  return 'secret' in tls ? tls.secret.name : objectNames(name).certificate;
}

function secretFiles(spec: AnySpec, source: Spec<'Replication'>['replicaOf']): SecretFile[] {
  const { auth } = spec;
  const password = passwordSecret(spec);
  const file = (secret: Required<SecretKeyProps>, name: string) => ({
    secret: secret.name,
    key: secret.key,
    file: name,
  });
  return [
    ...(password ? [file(password, authFiles.password)] : []),
    ...(auth === 'off' ? [] : auth.users.map((user) => file(user.secret, authFiles.user(user.name)))),
    ...(auth === 'off' || !auth.usersFile ? [] : [file(auth.usersFile, authFiles.users)]),
    ...(source && source.auth !== 'off' ? [file(source.auth.secret, authFiles.source)] : []),
  ];
}

const storeOf = (name: Store['name'], destination: DestinationFields | undefined): Store[] => {
  if (destination === undefined) return [];
  const from =
    's3' in destination ? { secret: destination.s3.credentials.name } : { claim: destination.volume.claimName };
  return [{ name, from }];
};

/** Everything that is mounted into the pods of a database. */
export const podFiles = (spec: AnySpec, source?: Spec<'Replication'>['replicaOf']): VolumesProps => ({
  database: spec.name,
  serverConfig: objectNames(spec.name).serverConfig,
  data: spec.persistence === 'off' ? 'disk' : 'claim',
  secretFiles: secretFiles(spec, source),
  certificate: certificateSecret(spec),
  stores: [
    ...storeOf('backup', spec.backup?.destination),
    ...storeOf('archive', spec.archive?.destination),
    ...storeOf('restore', spec.restore?.source),
  ],
  exporterPassword: exporterAccess(spec) !== undefined,
});
