/**
 * Servers at their worst. Whatever they do at whatever moment, a capture ends in bounded time, by itself or with an error that has a name; nothing false is
 * written; and when the server is well again, the next capture has everything, with no gap but the messages that it still does not give.
 */
import { createHash } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { AppError } from '../../main/contract/errors.ts'
import type { Clock } from '../../main/engine/base/clock.ts'
import { openIndexQueries } from '../../main/engine/index/reader.ts'
import { connectWith } from '../../main/engine/mail/imap/connect.ts'
import { captureOnce, type Heard, type TestArchive, testArchive } from '../help/captures.ts'
import { type Random, randomOf } from '../help/random.ts'
import type { Fetchable } from '../help/scriptedFetch.ts'
import { type Answer, type Request, type ScriptedImap, type ScriptedMailbox, startScriptedImap } from '../help/scriptedImap.ts'

/** Every fault at every moment (`npm run soak -- nasty`), or each a few times. */
const ALL = process.env['MAILCOFFER_NASTY'] !== undefined
const SEEDS = process.env['MAILCOFFER_SEED'] ? [Number(process.env['MAILCOFFER_SEED'])] : [1, 2, 3]
const RANDOM_RUNS = ALL ? Math.ceil(Number(process.env['MAILCOFFER_NASTY']) / SEEDS.length) : 1
/** Silence for which a server is given up here; 3 minutes in life. */
const SILENCE = 150
const BOUND = 20_000

let server: ScriptedImap
let archive: TestArchive
afterEach(async () => {
  await server?.close()
  await archive?.close()
})

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const mail = (uid: number, text = `This is number ${uid}.`): Fetchable => ({
  uid,
  bytes: Buffer.from(`From: anna@example.com\r\nSubject: number ${uid}\r\nMessage-ID: <${uid}@example.com>\r\n\r\n${text}\r\n`),
  date: `${String((uid % 28) + 1).padStart(2)}-Jan-2024 10:00:00 +0000`,
})
const mails = (first: number, count: number) => Array.from({ length: count }, (_, i) => mail(first + i))

/** One capture within the bound: what it heard, or the error it ended with. Each is later than the one before, so that gaps are tried again. */
async function run(ahead = 0): Promise<Heard | AppError> {
  const clock: Clock = {
    now: () => Date.now() + ahead,
    sleep: (_, signal) => new Promise(resolve => setTimeout(() => resolve(signal?.throwIfAborted()), 1)),
  }
  const began = performance.now()
  const trial = captureOnce({
    archive,
    settings: { host: server.host, port: server.port, user: server.user },
    password: server.password,
    clock,
    connect: options => connectWith(options, {}, { silence: SILENCE, greetingTimeout: SILENCE, connectTimeout: 1000 }),
  }).catch(error => {
    // Anything else is a bug of ours.
    if (error instanceof AppError && error.code !== 'internal') return error
    throw error
  })
  const ended = await trial
  expect(performance.now() - began, 'bounded time').toBeLessThan(BOUND)
  return ended
}

/** What the index says is there: mailbox, UID and SHA-256. */
async function held(): Promise<string[]> {
  const placed = new Map((await archive.factsOf('placed')).map(fact => [`${fact.epoch} ${fact.uid}`, fact.id]))
  const lines: string[] = []
  for (const { raw, epoch, present } of archive.store.index.mailboxes())
    if (epoch && present)
      for (const uid of archive.store.index.placedUids(epoch.epoch))
        lines.push(`${raw} ${uid} ${sha(await archive.bytes(placed.get(`${epoch.epoch} ${uid}`)!))}`)
  return lines.sort()
}
const gapsHeld = () =>
  archive.store.index
    .mailboxes()
    .flatMap(({ raw, epoch }) => (epoch ? archive.store.index.gaps(epoch.epoch).map(({ uid }) => `${raw} ${uid}`) : []))
    .sort()

/** What `archive status` answers: every gap with a reason and its times, and nothing else missing. */
function gapsTold(): string[] {
  archive.store.index.flush()
  const reader = openIndexQueries({ ...archive.indexFile, archive: 'a'.repeat(32) })
  try {
    const mailboxes = reader.status().mailboxes.filter(({ present }) => present)
    expect(mailboxes.map(({ missing }) => missing).filter(Boolean)).toEqual([])
    const gaps = mailboxes.flatMap(({ name, gaps }) => gaps.map(gap => ({ name, ...gap })))
    for (const { reason, lastTry, nextTry } of gaps)
      expect([reason, lastTry! > 0, nextTry! > lastTry!]).toEqual([expect.stringMatching(/^[a-z-]+$/), true, true])
    return gaps.map(({ name, uid }) => `${name} ${uid}`).sort()
  } finally {
    reader.close()
  }
}

const served = (without: (mailbox: ScriptedMailbox, uid: number) => boolean = () => false) =>
  server.mailboxes
    .flatMap(mailbox => mailbox.messages.filter(({ uid }) => !without(mailbox, uid)).map(({ uid, bytes }) => `${mailbox.name} ${uid} ${sha(bytes)}`))
    .sort()

const isBody = ({ verb, args }: Request) => verb === 'UID FETCH' && /BODY\.PEEK\[\]/.test(args)
const isDescription = (request: Request) => request.verb === 'UID FETCH' && !isBody(request)

const moments: Record<string, (request: Request) => boolean> = {
  greeting: ({ verb }) => verb === 'GREETING',
  capabilities: ({ verb }) => verb === 'CAPABILITY',
  login: ({ verb }) => verb.startsWith('AUTHENTICATE') || verb === 'LOGIN',
  list: ({ verb }) => verb === 'LIST',
  examine: ({ verb }) => verb === 'EXAMINE',
  search: ({ verb }) => verb === 'UID SEARCH',
  describe: isDescription,
  bodies: isBody,
}

const faults: Record<string, (random: Random) => Answer> = {
  drop: () => ({ drop: true }),
  stall: () => ({ silence: true }),
  NO: () => ({ no: 'not now' }),
  'NO with a code': random => ({ no: `[${random.pick(['SERVERBUG', 'UNAVAILABLE', 'INUSE', 'LIMIT', 'NOPERM', 'XYZZY 17', 'THROTTLED'])}] trouble` }),
  BAD: () => ({ bad: 'what?' }),
  BYE: () => ({ bye: 'shutting down' }),
  'BYE, and then silence': () => ({ bye: '[UNAVAILABLE] come back', stay: true }),
  'OK and nothing': () => ({ send: [] }),
  garbage: random => ({ send: [random.bytes(300), '\r\n'], end: 'nothing' }),
  'a line without end': () => ({ send: ['* ', 'x'.repeat(700_000)], end: 'nothing' }),
  'brackets without end': () => ({ send: [`* LIST ${'('.repeat(5000)}\r\n`] }),
  'a literal that never comes': () => ({ send: ['* 1 FETCH (UID 1 BODY[] {5000}\r\nFrom: '], end: 'nothing' }),
  'a literal larger than the world': () => ({ send: ['* 1 FETCH (UID 1 BODY[] {99999999999999}\r\n'], end: 'nothing' }),
  'the answer of another command': () => ({ send: ['A99 OK done\r\n'], end: 'nothing' }),
  'a cut answer': random => ({ cutAfter: 1 + random.below(150) }),
  'a set of half a megabyte': () => ({ send: [`* VANISHED (EARLIER) ${longSet}\r\n`, `* ESEARCH (TAG "$TAG") UID ALL ${longSet}\r\n`] }),
  'EXISTS that lies': () => ({ edit: usual => `* 4000000000 EXISTS\r\n${usual}` }),
  'EXISTS that shrinks': () => ({ edit: usual => `* 0 EXISTS\r\n${usual}` }),
  'EXPUNGE of what is not there': () => ({ edit: usual => `* 99 EXPUNGE\r\n* 1 EXPUNGE\r\n${usual}` }),
  'news nobody asked for': () => ({ edit: usual => `* 3 FETCH (FLAGS (\\Seen))\r\n* OK [ALERT] look\r\n* 5 RECENT\r\n* METADATA x\r\n${usual}` }),
}

const longSet = Array.from({ length: 75_000 }, (_, i) => 1_000_000 + 2 * i)
  .join(',')
  .slice(0, 512 * 1024 - 200)
  .replace(/,\d*$/, '')

const account = (): ScriptedMailbox[] => [
  { name: 'INBOX', messages: mails(1, 12) },
  { name: 'Archive', uidValidity: 5, messages: mails(101, 5) },
]

Object.entries(moments).forEach(([moment, is], m) => {
  describe(`at ${moment}`, () => {
    Object.entries(faults).forEach(([name, fault], f) => {
      // Every fourth is met at each moment, and each of them at two moments.
      if (!ALL && (m + f) % 4 !== 0) return
      test(name, async () => {
        const random = randomOf(name.length * 31 + moment.length)
        let troubles = 2
        server = await startScriptedImap({
          mailboxes: account(),
          script: request => (is(request) && troubles-- > 0 ? fault(random) : undefined),
        })
        archive = await testArchive()
        await run()
        expect(await archive.factsOf('gone'), 'nothing went').toEqual([])
        troubles = 0
        await wellAgain()
        expect(gapsHeld()).toEqual([])
        expect(await archive.factsOf('gone')).toEqual([])
      })
    })
  })
})

/** The server does nothing strange any more, except that it never gives some messages. */
async function wellAgain(ahead = 3_600_000, bad: (mailbox: ScriptedMailbox, uid: number) => boolean = () => false): Promise<void> {
  const healed = await run(ahead)
  if (healed instanceof AppError) throw healed
  const missing = server.mailboxes
    .flatMap(mailbox => mailbox.messages.filter(({ uid }) => bad(mailbox, uid)).map(({ uid }) => `${mailbox.name} ${uid}`))
    .sort()
  expect(healed.failures.map(({ what, error }) => (what.includes(' UID ') ? what.replace(' UID', '') : `${what}: ${error.message}`)).sort()).toEqual(
    missing,
  )
  expect(gapsHeld()).toEqual(missing)
  expect(gapsTold()).toEqual(missing)
  expect(await held()).toEqual(served(bad))
}

/** What a server does to single messages, always: from its answer to the answer of a server that has lost them. */
const losses: ((usual: string, uid: number) => string)[] = [
  (usual, uid) => usual.replace(new RegExp(`(UID ${uid} [^{]*BODY\\[\\](?:<\\d+>)?) \\{\\d+\\}\\r\\n[^)]*\\)`), '$1 NIL)'),
  (usual, uid) => usual.replace(new RegExp(`(UID ${uid} [^{]*BODY\\[\\](?:<\\d+>)?) \\{\\d+\\}\\r\\n[^)]*\\)`), '$1 {0}\r\n)'),
  (usual, uid) => usual.replace(new RegExp(`\\* \\d+ FETCH \\(UID ${uid} [^{]*BODY[^)]*\\)\\r\\n`), ''),
  (usual, uid) => usual.replace(new RegExp(`UID ${uid} ([^{]*BODY[^)]*)\\)`), 'UID ((($1'),
]

describe('a server that does all of it, by the dice', () => {
  for (const seed of SEEDS)
    for (let n = 0; n < RANDOM_RUNS; n++)
      test(`seed ${seed}.${n}`, { timeout: 120_000 }, async () => {
        const random = randomOf(seed * 1009 + n)
        let troubles = 0
        let uidNext = 1000
        const bad = new Map<string, (usual: string, uid: number) => string>()
        const isBad = (mailbox: ScriptedMailbox, uid: number) => bad.has(`${mailbox.name} ${uid}`)
        const kinds = Object.values(faults)
        server = await startScriptedImap({
          mailboxes: account(),
          script: request => {
            const { mailbox, verb, args } = request
            const ours =
              verb === 'UID FETCH' && mailbox && args.includes('BODY.PEEK[') ? mailbox.messages.filter(({ uid }) => isBad(mailbox, uid)) : []
            const lose = (usual: string) => ours.reduce((all, { uid }) => bad.get(`${mailbox!.name} ${uid}`)!(all, uid), usual)
            if (troubles > 0 && random.next() < 0.15 && verb !== 'LOGOUT') {
              troubles--
              const fault = random.pick(kinds)(random)
              if (ours.length === 0) return fault
              // A message that is never given is not given in the middle of a fault either.
              if ('cutAfter' in fault) return { drop: true }
              return 'edit' in fault ? { edit: usual => fault.edit(lose(usual)) } : fault
            }
            return ours.length === 0 ? undefined : { edit: lose }
          },
        })
        archive = await testArchive()
        const letter = (): Fetchable => ({
          ...mail(uidNext++),
          ...(random.next() < 0.2 && { size: random.below(90_000) }),
          flags: random.next() < 0.5 ? ['\\Seen'] : [],
        })
        for (let round = 1; round <= 4; round++) {
          for (let i = 0; i < 6; i++) {
            const mailbox = random.pick(server.mailboxes)
            const { messages } = mailbox
            const what = random.below(12)
            if (what < 5) messages.push(letter())
            else if (what < 7 && messages.length > 0) messages.splice(random.below(messages.length), 1)
            else if (what < 8 && messages.length > 0) random.pick(messages).flags = ['\\Flagged', `round${round}`]
            else if (what < 9) renumber(mailbox, uidNext++)
            else if (what < 10) {
              const one = letter()
              messages.push(one)
              bad.set(`${mailbox.name} ${one.uid}`, random.pick(losses))
            } else if (what < 11) messages.push({ ...letter(), bytes: Buffer.alloc(0), size: 0 })
            else server.mailboxes.push({ name: `New ${uidNext++}`, uidValidity: uidNext++, messages: [letter(), letter()] })
          }
          uidNext += 10
          troubles = 1 + random.below(6)
          await run(round * 86_400_000)
        }
        troubles = 0
        // What is wrong in the middle of a capture may make it look again once.
        await run(5 * 86_400_000)
        await wellAgain(6 * 86_400_000, isBad)
      })
})

/** A new UIDVALIDITY, and every message under another UID. */
function renumber(mailbox: ScriptedMailbox, uidValidity: number): void {
  mailbox.uidValidity = uidValidity
  mailbox.messages = mailbox.messages.map((message, i) => ({ ...message, uid: i + 1 }))
}
