import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/{unit,spec,contracts}/**/*.spec.ts'],
    pool: 'forks',
    // Node.js strips types by WebAssembly, in each thread that a test starts. After so many calls V8 makes code for what that calls in JavaScript, and where
    // another thread ends at this moment it sometimes uses what was freed: two of 36 runs of one file ended with SIGSEGV (its dump: TierUpWasmToJSWrapper).
    // What ships is stripped when it is built (docs/DECISIONS.md).
    execArgv: ['--wasm-wrapper-tiering-budget=1000000000'],
    // On two cores a third has something to do: much of a test is waiting for disks, servers and threads.
    maxWorkers: 3,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})
