import { block, bytes, listOf, objectName, offOr, oneOf, wholeNumber } from '../fields';
import { must } from '../problems';

const kept = oneOf(['Retain', 'Delete']).default('Retain');

const snapshot = block('a snapshot: { afterSeconds, changes }', {
  afterSeconds: wholeNumber(1, 365 * 86_400),
  changes: wholeNumber(1, 2 ** 31 - 1),
});

const appendOnly = offOr(
  block('{ fsync }', { fsync: oneOf(['always', 'everysec', 'no']).default('everysec') }),
  '{ fsync } or "off"',
);

/** See {@link DatabaseProps.persistence}. */
export const persistence = offOr(
  block('{ size, storageClass }', {
    size: bytes,
    initialSize: bytes.optional(),
    storageClass: objectName('the name of a StorageClass').optional(),
    accessMode: oneOf(['ReadWriteOnce', 'ReadWriteOncePod']).default('ReadWriteOnce'),
    retention: block('{ whenDeleted, whenScaled }', { whenDeleted: kept, whenScaled: kept }).prefault({}),
    appendOnly: appendOnly.prefault({}),
    snapshots: listOf('snapshots', snapshot).default([]),
  }),
  '{ size, storageClass } or "off"',
  must('{ size, storageClass } or "off"', '"off" keeps data in memory only, so it is yours to say'),
);
