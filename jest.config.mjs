/** Layers of tests; `npx jest --selectProjects servers` runs one of them. */
const layer = (name, folders) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  testMatch: folders.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
});

export default {
  projects: [
    layer('unit', ['contract', 'lib', 'charts', 'sidecar', 'examples', 'reference', 'project']),
    layer('package', ['package']),
    layer('simulation', ['simulation']),
    layer('servers', ['servers']),
    layer('kubernetes', ['kubernetes']),
    layer('kubernetes-faults', ['kubernetes-faults']),
  ],
};
