import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/{unit,spec,contracts}/**/*.spec.ts'],
    pool: 'forks',
    // On two cores a third has something to do: much of a test is waiting for disks, servers and threads.
    maxWorkers: 3,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})
