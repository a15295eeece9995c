/** Where a thread's code is: beside its source when Node runs the sources, beside the bundle when they were built. */

const entries = {
  pool: '../jobs/pool/worker.ts',
  opening: '../jobs/opening/worker.ts',
  reader: '../index/readerWorker.ts',
  outlook: '../jobs/import/outlook/worker.ts',
} as const

export type ThreadName = keyof typeof entries

/** The module to start `new Worker(…)` with. The build writes each as `<name>.mjs` next to the engine's bundle. */
export function threadEntry(name: ThreadName): URL {
  return new URL(import.meta.url.endsWith('.ts') ? entries[name] : `./${name}.mjs`, import.meta.url)
}
