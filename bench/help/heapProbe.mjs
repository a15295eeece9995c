/** Loaded into every thread of the engine that is measured: four times a second each thread says in a file of its own how large its heap is. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getHeapStatistics } from 'node:v8'
import { threadId, threadName } from 'node:worker_threads'

const file = join(process.env.MAILCOFFER_HEAPS, String(threadId))

function say() {
  const { total_physical_size: heap, used_heap_size: used, external_memory: external } = getHeapStatistics()
  writeFileSync(file, JSON.stringify({ name: threadId === 0 ? 'main' : threadName || 'unnamed', heap, used, external, at: Date.now() }))
}

setInterval(say, 250).unref()
