import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Each has a virtual display of its own (setup.mjs); a person's display has room for one.
const displays = process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'] && availableParallelism() > 1 ? 2 : 1

/** The real window. setup.mjs finds the runtime and displays, and builds. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.spec.ts'],
    globalSetup: ['test/e2e/setup.mjs'],
    pool: 'forks',
    maxWorkers: displays,
    testTimeout: 60_000,
    hookTimeout: 90_000,
  },
})
