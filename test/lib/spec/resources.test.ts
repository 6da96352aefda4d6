import { resolveResources, resolveServerResources } from '../../../lib/spec/rules/resources';

test('a server reserves all the memory it may use', () => {
  expect(resolveServerResources({ limits: { memory: '2Gi' } })).toEqual({
    requests: { cpu: '100m', memory: '2Gi' },
    limits: { memory: '2Gi' },
  });
});

test('a request alone is the limit too', () => {
  expect(resolveServerResources({ requests: { memory: '3Gi' } }).limits.memory).toBe('3Gi');
});

test('a small limit lowers the request that is a default', () => {
  expect(resolveServerResources({ limits: { cpu: '50m' } }).requests.cpu).toBe('50m');
  expect(resolveResources({ limits: { cpu: '10m', memory: '48Mi' } }).requests).toEqual({
    cpu: '10m',
    memory: '48Mi',
  });
});

test('a large request raises the limit that is a default', () => {
  expect(resolveResources({ requests: { memory: '256Mi' } }).limits.memory).toBe('256Mi');
});

test('nobody gets a processor limit without asking for one', () => {
  expect(resolveServerResources({}).limits).toEqual({ memory: '512Mi' });
  expect(resolveServerResources({ limits: { cpu: '2' } }).limits.cpu).toBe('2');
});
