/** `ended`: starts threads that do nothing but compress, and ends each at a moment of its own. `left`: the process ends while they are at it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { mindGate, type SharedGate, startGatedThread } from '../../main/engine/base/threadGate.ts'
import { compress, decompress } from '../../main/engine/log/codec.ts'

const THREADS = 40

if (isMainThread) await main(process.argv[2] === 'left')
else compressWithoutPause()

async function main(leave: boolean): Promise<void> {
  for (let i = 0; i < (leave ? 4 : THREADS); i++) {
    const { worker, end } = startGatedThread(new URL(import.meta.url), {})
    await new Promise(resolve => worker.once('message', resolve))
    await sleep(i % 7)
    if (!leave) await end()
  }
  process.stdout.write('survived\n', () => process.exit(0))
}

function compressWithoutPause(): void {
  mindGate((workerData as { gate: SharedGate }).gate)
  const text = Buffer.alloc(300, 'a line of mail, and the next. ')
  parentPort?.postMessage('ready')
  for (;;) {
    const { codec, bytes } = compress(text)
    decompress(codec, bytes, text.length)
  }
}
