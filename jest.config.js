/** Layers of tests; `npx jest --selectProjects servers` runs one of them. */
const layer = (name, folders) => ({
  displayName: name,
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  testMatch: folders.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
});

module.exports = {
  projects: [
    layer('unit', ['contract', 'lib', 'charts', 'sidecar', 'examples', 'project']),
    layer('simulation', ['simulation']),
    layer('servers', ['servers']),
    layer('kubernetes', ['kubernetes']),
  ],
};
