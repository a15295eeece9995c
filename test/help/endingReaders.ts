/** Ends threads of the index at moments around that in which they load SQLite and open it; says `survived` when the process does. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createReaderThread } from '../../main/engine/index/readerThread.ts'
import { openIndexWriter } from '../../main/engine/index/writer.ts'

const ROUNDS = 60
const BEFORE_MS = 60
const AFTER_MS = 10

const dir = mkdtempSync(join(tmpdir(), 'mailcoffer-readers-'))
const file = { path: join(dir, 'index.db'), key: new Uint8Array(32).fill(7) }
openIndexWriter(file).close()
const thread = createReaderThread({ ...file, archive: 'f'.repeat(32) })
const began = performance.now()
const ask = () => thread.ask('window', [{ mailbox: null, from: null, direction: 'after', limit: 1 }]).catch(() => {})
await ask()
const first = performance.now() - began
for (let i = 0; i < ROUNDS; i++) {
  await thread.reopen()
  const asked = ask()
  await wait(Math.max(0, first - BEFORE_MS + (i * (BEFORE_MS + AFTER_MS)) / ROUNDS))
  await thread.reopen()
  await asked
}
await thread.close()
rmSync(dir, { recursive: true, force: true })
console.log('survived')
