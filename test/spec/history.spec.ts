/**
 * A random history of a real account, captured again and again through a line that breaks and by processes that are killed. At the end everything that
 * was on the server during a whole capture is in the archive, once; what is there now is what the server has; and the only gaps are messages that the
 * server cannot read. `npm run soak -- history [operations] [seed]` takes 10,000 operations, or with 0 goes on until something is found.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AccountSettings } from '../../main/contract/types.ts'
import { dumpIndex } from '../../main/engine/index/dump.ts'
import { type BreakingLine, startBreakingLine } from '../help/breakingLine.ts'
import { type Dovecot, dovecotMissing, startDovecot } from '../help/dovecot.ts'
import {
  type CaptureHeard,
  type CaptureTrial,
  captureInto,
  indexFile,
  killedCapture,
  makeArchive,
  openAgain,
  quietContext,
} from '../help/history/capturing.ts'
import { createHistory, type History } from '../help/history/operations.ts'
import { createObserver, type Held, heldBy, type Truth } from '../help/history/truth.ts'
import { type Random, randomOf } from '../help/random.ts'

const OPERATIONS = Number(process.env['MAILCOFFER_HISTORY'] ?? 240)
const SEEDS = process.env['MAILCOFFER_SEED'] ? [Number(process.env['MAILCOFFER_SEED'])] : [1, 2]
const ENDLESS = OPERATIONS === 0
const ROUND = 40

let dir: string
let server: Dovecot
let line: BreakingLine

beforeEach(async () => {
  if (dovecotMissing) return
  dir = await mkdtemp(join(tmpdir(), 'mailcoffer-history-'))
  await makeArchive(dir)
  server = await startDovecot()
})
afterEach(async () => {
  await line?.close()
  await server?.stop()
  if (dir) await rm(dir, { recursive: true, force: true })
})

for (const seed of SEEDS)
  test.skipIf(dovecotMissing)(
    `${ENDLESS ? 'ever more' : OPERATIONS} operations, seed ${seed}: nothing is lost, nothing doubled, and the gaps are those that are`,
    { timeout: ENDLESS ? 0 : 60_000 + OPERATIONS * 300 },
    () => live(seed),
  )

async function live(seed: number): Promise<void> {
  const random = randomOf(seed * 7919)
  line = await startBreakingLine(server.imapPort, () => (random.next() < 0.4 ? 200 + random.below(60_000) : null))
  const history = await createHistory(server, seed)
  const life = {
    random,
    history,
    observe: createObserver(() => server.writer(), history.isSpoiled),
    hashes: new Map<string, string>(),
    had: new Map<string, string>(),
    round: 0,
  }
  for (let done = 0; ENDLESS || done < OPERATIONS; done += ROUND) {
    for (let i = 0; i < ROUND; i++) await history.step(true)
    await capturedSomehow(life)
    life.round++
    if (ENDLESS || (done + ROUND) % 2000 === 0) await judged(life)
    if (ENDLESS || OPERATIONS > 1000) console.log(`history: ${done + ROUND} operations, ${life.had.size} messages had, ${line.cuts} cuts`)
  }
  await judged(life)
  const refused = history.done.filter(what => what.includes('refused'))
  if (refused.length > 0) console.log(`history: ${refused.length} operations refused: ${[...new Set(refused)].join('; ')}`)
  expect(refused.length).toBeLessThan(OPERATIONS / 20)
  expect(life.had.size).toBeGreaterThan(OPERATIONS / 10)
  expect(line.cuts).toBeGreaterThanOrEqual(Math.floor(OPERATIONS / 400))
}

interface Life {
  random: Random
  history: History
  observe(): Promise<Truth>
  /** By record, so that nothing is read twice. */
  hashes: Map<string, string>
  /** By UIDVALIDITY and UID: what a whole capture must have seen. */
  had: Map<string, string>
  round: number
}

const trialOf = ({ round }: Life, port: number): CaptureTrial => {
  const settings: AccountSettings = { protocol: 'imap', host: '127.0.0.1', port, user: server.user, security: 'plain' }
  return { settings, password: server.password, ahead: round * 6 * 3_600_000 }
}

/** A capture as life has it: killed, over a line that breaks, while mail comes and goes, or undisturbed. */
async function capturedSomehow(life: Life): Promise<void> {
  const { random, history, observe, had } = life
  const how = random.below(10)
  if (how < 3) return void (await killedCapture(dir, trialOf(life, line.port), random.below(200)))
  const before = await observe()
  const archive = await openAgain(dir)
  try {
    const meanwhile = how < 6
    const capturing = captureInto(archive, trialOf(life, how < 8 ? line.port : server.imapPort))
    if (meanwhile) for (let i = 0; i < 10; i++) await history.step()
    const heard = await capturing
    expect(heard.ended, heard.why).not.toBe('internal')
    const after = meanwhile ? await observe() : before
    if (heard.ended === undefined && heard.failures.every(isOfAMessage)) {
      // A gap whose time has not come is not asked for again, though the server may be able to read it by now.
      const gaps = new Set(heard.failures.map(({ what }) => what))
      for (const [key, message] of before.messages) {
        const [, path, uidValidity, uid] = /^(.*) (\d+) (\d+)$/.exec(key)!
        if (after.messages.has(key) && !gaps.has(`${path} UID ${uid}`)) had.set(`${uidValidity} ${uid}`, message.split(' ').at(-1)!)
      }
    }
  } finally {
    await archive.close()
  }
}

const isOfAMessage = ({ what }: CaptureHeard['failures'][number]) => / UID \d+$/.test(what)

/** Undisturbed captures until there is nothing to do; then all is compared. */
async function judged(life: Life): Promise<void> {
  const archive = await openAgain(dir)
  try {
    const truth = await life.observe()
    // Two days on, every gap is due.
    const trial = trialOf(life, server.imapPort)
    const heard = await captureInto(archive, { ...trial, ahead: trial.ahead + 2 * 86_400_000 })
    const trail = `history: ${life.history.done.slice(-60).join(', ')}`
    expect(heard.ended, `${heard.why} ${trail}`).toBeUndefined()
    expect(
      heard.failures.filter(failure => !isOfAMessage(failure)),
      trail,
    ).toEqual([])
    const held = await heldBy(archive, life.hashes)
    expect([...held.messages].sort(), trail).toEqual([...truth.messages].sort())
    expect(held.unreadable, trail).toEqual(truth.unreadable)
    expect(held.doubled).toEqual([])
    expect(missing(life.had, held)).toEqual([])
    ;(await archive.store()).index.flush()
    await ledgerNames(archive, truth.unreadable)
    const lines = [...dumpIndex(indexFile(dir))]
    await archive.rebuild(quietContext())
    expect([...dumpIndex(indexFile(dir))]).toEqual(lines)
  } finally {
    await archive.close()
  }
}

/** `archive status` says of each mailbox that all is accounted for, and names exactly what the server cannot read. */
async function ledgerNames(archive: Awaited<ReturnType<typeof openAgain>>, unreadable: readonly string[]): Promise<void> {
  const mailboxes = (await archive.ask('status', [])).mailboxes.filter(({ present, onServer }) => present && onServer !== null)
  expect(mailboxes.flatMap(({ name, gaps }) => gaps.map(({ uid }) => `${name} ${uid}`)).sort()).toEqual(unreadable)
  for (const { name, onServer, stored, gone, gapCount, missing, completeAsOf } of mailboxes) {
    expect(missing, name).toBe(0)
    expect(onServer, name).toBe(stored - gone + gapCount)
    expect(completeAsOf, name).not.toBeNull()
  }
}

const missing = (had: ReadonlyMap<string, string>, { ever }: Held) => [...had].filter(([key, hash]) => ever.get(key) !== hash)
