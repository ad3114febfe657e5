import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // graphql's `main` has no ending: Vite would take index.mjs, Node takes index.js for our dependencies, and the types
  // of two copies do not know each other.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    globalSetup: ['./packages/testing/src/global-setup.ts'],
    include: [
      'packages/**/*.test.ts',
      'subgraphs/**/*.test.ts',
      'gateway/**/*.test.ts',
      'e2e/**/*.test.ts',
      'schema/**/*.test.ts',
    ],
    // Half of the tests wait for processes, so that even two cores have room for two files.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
