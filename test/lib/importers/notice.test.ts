import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const notice = readFileSync(join(__dirname, 'NOTICE.md'), 'utf8');

/** Written for this package; the schemas list what is known of fields, in our own words. */
const own = [
  'samples/hera/',
  'samples/redis-example/',
  'schemas/cache.hera.io_redisclusters.yaml',
  'schemas/cache.hera.io_redisinstances.yaml',
  'schemas/redis.example.com_redisclusters.yaml',
];

test('every document that was taken from another project is listed with its licence', () => {
  const samples = readdirSync(join(__dirname, 'samples')).map((folder) => `samples/${folder}/`);
  const schemas = readdirSync(join(__dirname, 'schemas')).map((file) => `schemas/${file}`);
  const taken = [...samples, ...schemas].filter((path) => !own.includes(path));
  expect(taken.filter((path) => !notice.includes(`\`${path}\``))).toEqual([]);
  expect(own.filter((path) => notice.includes(`\`${path}\``))).toEqual([]);
});
