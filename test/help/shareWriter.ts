/**
 * A process that writes commits to a folder which others read meanwhile; sharedCommits.ts says which. It begins when its standard input says so, and after half of
 * them waits to be told to go on.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../main/engine/base/clock.ts'
import { copyArchive } from '../../main/engine/jobs/copy/copy.ts'
import { createKeyring } from '../../main/engine/keys/keyring.ts'
import { createLog } from '../../main/engine/log/open.ts'
import { COPY, copyContext } from './copies.ts'
import { ID, keys, MASTER, mailboxFact, message, placed, temporaryDir } from './logs.ts'
import { randomOf } from './random.ts'
import { dateOf, planFrom, SHARED_PASSWORD, sizesOf } from './sharedCommits.ts'

const SEGMENT_BYTES = 150_000
const LARGEST = 3000
const PAUSE_MS = 100

const plan = planFrom(process.argv)
const random = randomOf(plan.seed + 1)
using home = temporaryDir()
const dir = plan.way === 'archive' ? plan.dir : join(home.path, 'archive')
mkdirSync(dir)
await createKeyring(dir, ID, MASTER, [{ kind: 'password', password: SHARED_PASSWORD, cost: { memory: 8 * 1024, passes: 1, lanes: 1 } }])
const log = await createLog(dir, { id: ID, keys, clock: systemClock, segmentBytes: SEGMENT_BYTES })
await log.commit([mailboxFact(1, 'INBOX'), { k: 'epoch', epoch: 1, mailbox: 1, uidValidity: 1 }])
let fresh = true
await bring()
process.stdout.write('ready\n')
// Words that come while nobody waits for one are kept.
const words = process.stdin[Symbol.asyncIterator]()
await words.next()

let uid = 0
for (const [commit, size] of sizesOf(plan).entries()) {
  const texts = Array.from(
    { length: size },
    (_, n) => `Subject: ${n} of commit ${commit}\r\n\r\n${random.bytes(random.below(LARGEST)).toString('hex')}\r\n`,
  )
  const messages = texts.map(message)
  await log.put(messages)
  await log.commit(messages.map(({ id, whole }) => ({ ...placed(++uid, id, whole.length), internalDate: dateOf(commit) })))
  // A copy gets one commit, or several at once.
  const isHalf = commit === Math.floor(plan.commits / 2)
  if (isHalf || commit === plan.commits - 1 || random.below(2) === 0) await bring()
  if (isHalf) await words.next()
  await systemClock.sleep(random.below(PAUSE_MS))
}
process.stdin.destroy()
await log.close()
await bring()

async function bring(): Promise<void> {
  if (plan.way === 'archive') return
  await copyArchive({ from: dir, to: plan.dir, copy: COPY, fresh, keys, clock: systemClock, reprove: 0 }, copyContext())
  fresh = false
}
