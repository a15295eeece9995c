import { defineConfig } from 'vitest/config'

/** The real window, one at a time. setup.mjs finds the runtime and a display, and builds. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.spec.ts'],
    globalSetup: ['test/e2e/setup.mjs'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 90_000,
  },
})
