/**
 * A process that reads a folder while another writes it, with a profile and an index of its own, until it has seen all of sharedCommits.ts. It fails where it
 * ever sees something else than the first so many commits, each of them whole. It says when it has seen some of them and not all, and at last how many different
 * states it saw.
 */
import { systemClock } from '../../main/engine/base/clock.ts'
import { openLogReader } from '../../main/engine/log/open.ts'
import { testEngine } from './engine.ts'
import { ID, keys, scanAll, temporaryDir } from './logs.ts'
import { commitOf, planFrom, SHARED_PASSWORD, sizesOf } from './sharedCommits.ts'

const WINDOW = 500
const PAUSE_MS = 80

const plan = planFrom(process.argv)
const sizes = sizesOf(plan)
/** Messages after so many commits. */
const sums = [0]
for (const size of sizes) sums.push(sums.at(-1)! + size)
using home = temporaryDir()
// What is looked at every three seconds is looked at many times a second.
const engine = testEngine(home.path, { clock: { now: systemClock.now, sleep: (ms, signal) => systemClock.sleep(ms / 30, signal) } })
const { call } = engine.client
await call('profile.create', { password: 'of this reader' })
await call('archive.open', { dir: plan.dir, name: 'Shared', password: SHARED_PASSWORD })
const inIndex = new Set<number>()
const inLog = new Set<number>()
const isBetween = (seen: ReadonlySet<number>) => [...seen].some(commits => commits > 0 && commits < plan.commits)
let told = false
let last = await look()
process.stdout.write('ready\n')
while (last < plan.commits) {
  const seen = await look()
  if (seen < last) throw new Error(`after ${last} commits only ${seen} are there`)
  last = seen
  if (!told && isBetween(inIndex) && isBetween(inLog)) {
    told = true
    process.stdout.write('between\n')
  }
  await systemClock.sleep(PAUSE_MS)
}
await engine.close()
process.stdout.write(`${JSON.stringify({ inIndex: inIndex.size, inLog: inLog.size })}\n`)

/** Answers how many commits the index shows. */
async function look(): Promise<number> {
  const seen = await lookAtLists()
  inIndex.add(seen)
  inLog.add(await lookAtLog())
  return seen
}

/** How many commits the index shows. */
async function lookAtLists(): Promise<number> {
  const { messages } = await call('archive.status', { archive: ID })
  wholeCommits(messages)
  const order = { from: null, direction: 'after', limit: WINDOW } as const
  const { rows, after } = await call('message.window', { archive: ID, mailbox: null, ...order })
  if (rows.length === 0) return 0
  const newest = commitOf(rows[0]!.sortTime)
  const found = Map.groupBy(rows, ({ sortTime }) => commitOf(sortTime))
  // The window may end in the middle of one.
  const oldest = after ? commitOf(rows.at(-1)!.sortTime) + 1 : 0
  for (let commit = oldest; commit <= newest; commit++) {
    const count = found.get(commit)?.length ?? 0
    if (count !== sizes[commit]) throw new Error(`of commit ${commit} ${count} messages are in the list, of ${sizes[commit]}`)
  }
  for (const row of [rows[0]!, rows.at(-1)!]) {
    const { bytes } = await call('message.raw', { archive: ID, message: row.id, offset: 0 })
    const subject = Buffer.from(bytes).toString('latin1').split('\r\n')[0]!
    if (!subject.endsWith(` of commit ${commitOf(row.sortTime)}`)) throw new Error(`commit ${commitOf(row.sortTime)} has "${subject}"`)
  }
  return newest + 1
}

/** How many commits stand in the log as a stranger reads it: every record opened. */
async function lookAtLog(): Promise<number> {
  const reader = await openLogReader(plan.dir, { keys })
  try {
    const items = await scanAll(reader, { full: true })
    // SMB by this client replaces head.json in two steps: for a moment it is not there, which is said and harms nothing.
    const damage = items.filter(item => item.type === 'damage' && item.damage.what !== 'head')
    if (damage.length > 0) throw new Error(`damage in the log: ${JSON.stringify(damage[0])}`)
    const records = new Set<string>(items.flatMap(item => (item.type === 'record' ? [item.id] : [])))
    const commits = items.flatMap(item => (item.type === 'commit' ? [item.commit] : []))
    const placed = commits.flatMap(({ facts }) => facts.flatMap(fact => (fact.k === 'placed' ? [fact.id as string] : [])))
    if (!placed.every(id => records.has(id))) throw new Error('a commit names a message that is not there')
    return wholeCommits(placed.length)
  } finally {
    await reader.close()
  }
}

function wholeCommits(messages: number): number {
  const commits = sums.indexOf(messages)
  if (commits < 0) throw new Error(`${messages} messages are there, and no number of commits has so many`)
  return commits
}
