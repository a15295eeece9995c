/**
 * The index on generated messages: `npm run bench -- index [messages] [--keep DIR] [--only TEXT]` (200,000 by default). Prints what applying costs, how long
 * single applies hold up the thread, and p50/p95 of what lists and search ask, over an encrypted index: first with nothing of it in memory, then with all of
 * it in the system's cache. With --keep, the index stays in DIR, and is not built again where it is there; with --only, what has TEXT in its name is asked.
 * With --notmuch the same messages are written as files, `notmuch new` reads them, and it is asked the same beside it.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openIndexQueries } from '../main/engine/index/reader.ts'
import { BEYOND } from '../main/engine/index/rows.ts'
import type { IndexQueries, ParsedMessage, StoredRecord } from '../main/engine/index/types.ts'
import type { Wanted } from '../main/engine/index/wanted.ts'
import { openIndexWriter } from '../main/engine/index/writer.ts'
import type { Fact } from '../main/engine/log/facts.ts'
import type { Commit, RecordId } from '../main/engine/log/types.ts'
import { type Place, plan } from '../main/engine/search/plan.ts'
import { readQuery } from '../main/engine/search/query.ts'
import { askedWords } from '../main/engine/search/reasons.ts'
import { createGenerator } from './help/generatedMail.ts'
import { askable, createNotmuch } from './help/notmuch.ts'
import { measuredSearches } from './help/searches.ts'

const { values, positionals } = parseArgs({
  options: { keep: { type: 'string' }, notmuch: { type: 'boolean' }, only: { type: 'string', default: '' } },
  allowPositionals: true,
})
const MESSAGES = Number(positionals[0] ?? 200_000)
const BATCH = 100
const SHARES = [0.5, 0.2, 0.15, 0.1, 0.04, 0.0095, 0.0005] // of the mailboxes
const YEARS = 15 * 365 * 86_400
const START = 1_200_000_000
const COUNTED = [
  'middle',
  'common common',
  '4 letters* of a middle word',
  'from:PERSON middle',
  'common in:0.05%',
  'common in:HALF',
  'middle is:unread',
  'middle larger:1M',
]

const dir = values.keep ?? mkdtempSync(join(tmpdir(), 'mailcoffer-bench-'))
const file = { path: join(dir, 'index.db'), key: new Uint8Array(32).fill(1) }
const mail = createGenerator(7)
const { random } = mail
const notmuch = values.notmuch ? createNotmuch(dir) : null

try {
  if (!existsSync(file.path)) build()
  askCold()
  for await (const _ of createReadStream(file.path, { highWaterMark: 1 << 20 }));
  ask(openIndexQueries(file))
} finally {
  if (values.keep === undefined) rmSync(dir, { recursive: true, force: true })
}

function build(): void {
  const writer = openIndexWriter(file, { messagesPerTransaction: 2000 })
  const uids = SHARES.map(() => 0)
  const blocks: number[] = []
  let cpu = 0
  let busy = 0
  let text = 0
  const began = performance.now()
  let seq = 0
  const begin: Fact[] = SHARES.flatMap((_, i) => [
    {
      k: 'mailbox',
      mailbox: i + 1,
      path: [`Mailbox ${i + 1}`],
      delimiter: '/',
      raw: `m${i}`,
      role: null,
      selectable: true,
      subscribed: true,
      present: true,
    },
    { k: 'epoch', epoch: i + 1, mailbox: i + 1, uidValidity: 1 },
  ])
  const apply = (facts: Fact[], records: StoredRecord[], parsed: Map<RecordId, ParsedMessage>) => {
    seq++
    const commit: Commit = { id: idOf(`commit ${seq}`), seq, time: START * 1000 + seq, facts, place: { segment: 1, offset: seq, length: 1 } }
    const before = process.cpuUsage()
    const from = performance.now()
    writer.apply(commit, records, parsed)
    blocks.push(performance.now() - from)
    busy += performance.now() - from
    const used = process.cpuUsage(before)
    cpu += (used.user + used.system) / 1e6
  }
  apply(begin, [], new Map())
  for (let done = 0; done < MESSAGES; ) {
    const facts: Fact[] = []
    const records: StoredRecord[] = []
    const parsed = new Map<RecordId, ParsedMessage>()
    for (let i = 0; i < BATCH && done < MESSAGES; i++, done++) {
      const id = idOf(`message ${done}`)
      const mailbox = pickMailbox()
      uids[mailbox]!++
      const date = START + Math.floor((done / MESSAGES) * YEARS + random() * 86_400)
      facts.push({
        k: 'placed',
        epoch: mailbox + 1,
        uid: uids[mailbox]!,
        id,
        size: Math.floor(Math.exp(9 + 3.5 * (random() + random() - 1))) + (random() < 0.02 ? Math.floor(random() * 2e7) : 0),
        internalDate: date,
        zone: 60,
        flags: [...(random() < 0.9 ? ['\\Seen'] : []), ...(random() < 0.002 ? ['\\Flagged'] : [])],
      })
      records.push({ id, place: { segment: 1, offset: done, length: 1000 } })
      if (random() < 0.5) records.push({ id: idOf(`blob ${done}`), place: { segment: 1, offset: done, length: 1000 } })
      const message = mail.message(done, date)
      text += message.fts.body.length + message.fts.subject.length + message.fts.sender.length
      parsed.set(id, message)
      notmuch?.write(done, message)
    }
    apply(facts, records, parsed)
    if (done % 50_000 === 0) console.error(`${done} applied`)
  }
  const from = performance.now()
  writer.flush()
  let slices = 0
  let longest = 0
  for (let more = true; more; slices++) {
    const at = performance.now()
    more = writer.idle()
    longest = Math.max(longest, performance.now() - at)
  }
  console.log(`messages             ${MESSAGES}, ${(text / MESSAGES).toFixed(0)} characters each`)
  console.log(
    `apply                ${cpu.toFixed(1)} CPU s, ${((cpu / MESSAGES) * 200_000).toFixed(1)} a 200,000, ${(MESSAGES / cpu).toFixed(0)} messages a CPU s`,
  )
  console.log(`one apply of ${BATCH}     ${quantiles(blocks)}`)
  console.log(`idle                 ${slices} slices, ${((performance.now() - from) / 1000).toFixed(1)} s, longest ${longest.toFixed(0)} ms`)
  writer.close()
  const size = statSync(file.path).size
  console.log(`size                 ${(size / 1e6).toFixed(0)} MB, ${(size / MESSAGES / 1000).toFixed(2)} KB a message`)
  console.log(`memory               ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`)
  if (notmuch) {
    console.log(
      `built in             ${((performance.now() - began) / 1000).toFixed(0)} s with making the messages; ${(busy / 1000).toFixed(0)} s without`,
    )
    const { seconds, cpu, bytes, files } = notmuch.index()
    console.log(
      `notmuch new          ${seconds.toFixed(0)} s, ${cpu.toFixed(0)} CPU s, ${(files / cpu).toFixed(0)} messages a CPU s, ${(bytes / 1e6).toFixed(0)} MB, ${(bytes / files / 1000).toFixed(2)} KB a message`,
    )
  }
}

/** What is asked first after a start, each with nothing of the file in the system's cache. */
function askCold(): void {
  const firsts: [string, (queries: IndexQueries) => unknown][] = [
    ['the newest 50', queries => queries.window({ mailbox: null, from: null, direction: 'after', limit: 50 })],
    ['a jump by date', queries => queries.at({ mailbox: null, fraction: random(), limit: 50 })],
    ['a jump by sender', queries => queries.at({ mailbox: null, order: { by: 'sender', reverse: false }, fraction: random(), limit: 50 })],
    ['a common word', queries => queries.search({ wanted: { kind: 'words', tokens: [mail.words[3]!] }, mailbox: null, from: null, limit: 50 })],
    ['a rare word', queries => queries.search({ wanted: { kind: 'words', tokens: [mail.words[90_000]!] }, mailbox: null, from: null, limit: 50 })],
  ]
  for (const [what, work] of firsts)
    time(
      `cold: ${what}`,
      10,
      queries => {
        work(queries)
        queries.close()
      },
      () => {
        execFileSync('dd', [`if=${file.path}`, 'iflag=nocache', 'count=0', 'status=none'])
        return openIndexQueries(file)
      },
    )
}

function ask(queries: IndexQueries & { close(): void }): void {
  const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const place: Place = { name: 'Bench', user: 'me', mailboxes: queries.mailboxes() }
  const wanted = (query: string) => plan(readQuery(query, { now: START * 1000, locale: 'en' })!, place)
  const search = (query: string) => queries.search({ wanted: wanted(query), mailbox: null, from: null, limit: 50 })
  for (const mailbox of [null, 1, 4]) {
    const name = mailbox === null ? 'all' : `mailbox ${mailbox}`
    const starts = Array.from({ length: 200 }, () => queries.at({ mailbox, fraction: random(), limit: 1 }).rows[0]!.cursor)
    time(`window, ${name}`, 1000, () => queries.window({ mailbox, from: any(starts), direction: random() < 0.5 ? 'after' : 'before', limit: 50 }))
    time(`at, ${name}`, 1000, () => queries.at({ mailbox, fraction: random(), limit: 50 }))
    for (const by of ['sender', 'subject', 'size'] as const) {
      const order = { by, reverse: random() < 0.5 }
      const starts = Array.from({ length: 100 }, () => queries.at({ mailbox, order, fraction: random(), limit: 1 }).rows[0]!.cursor)
      time(`window by ${by}, ${name}`, 500, () =>
        queries.window({ mailbox, order, from: any(starts), direction: random() < 0.5 ? 'after' : 'before', limit: 50 }),
      )
      time(`at by ${by}, ${name}`, 500, () => queries.at({ mailbox, order, fraction: random(), limit: 50 }))
    }
    const conversations = { mailbox, conversations: true }
    time(`conversations, ${name}`, 500, () =>
      queries.window({ ...conversations, from: any(starts), direction: random() < 0.5 ? 'after' : 'before', limit: 50 }),
    )
    time(`conversations at, ${name}`, 500, () => queries.at({ ...conversations, fraction: random(), limit: 50 }))
  }
  time('mailboxes', 200, () => queries.mailboxes())
  time('status', 200, () => queries.status())
  const searches = measuredSearches(mail)
  for (const { name, times, query } of searches) time(name, times, () => search(query()))
  for (const { name, query, elsewhere } of notmuch ? askable(searches) : []) {
    const typed = query()
    time(`notmuch, ${name}`, 10, () => notmuch!.search(elsewhere!(typed)))
  }
  if (notmuch) time('notmuch, a message-id that is nowhere', 20, () => notmuch.search('id:nowhere'))
  // Why each of the visible rows was found.
  for (const { name, query } of searches.filter(({ name }) =>
    ['common', 'middle middle', '"middle middle"', '4 letters* of a middle word', 'from:PERSON middle'].includes(name),
  ))
    time(
      `why 50 rows, ${name}`,
      20,
      asked => queries.explain(asked),
      () => {
        const typed = query()
        const asked = askedWords(readQuery(typed, { now: START * 1000, locale: 'en' }))
        return { ids: search(typed).rows.map(({ id }) => id as RecordId), words: asked.map(({ words }) => words) }
      },
    )
  const common = () => wanted(mail.words[Math.floor(random() * 20)]!)
  const count = (wanted: Wanted, cap: number) => {
    let count = 0
    for (let below: number | undefined = BEYOND; below !== undefined && count < cap; ) {
      const piece: ReturnType<typeof queries.count> = queries.count({ wanted, mailbox: null, cap: cap - count, below })
      count += piece.count
      below = piece.more ? undefined : piece.below
    }
  }
  for (const { name, query } of searches.filter(({ name }) => COUNTED.includes(name)))
    time(`count to 1,000, ${name}`, 50, () => count(wanted(query()), 1000))
  time('count to 1,000, common', 100, () => count(common(), 1000))
  time('count all, common', 20, () => count(common(), 10_000_000))
  time('result 10,000, common', 50, () => queries.nth({ wanted: common(), mailbox: null, position: 10_000 }))
  time('oldest 50, common', 100, () => queries.search({ wanted: common(), mailbox: null, from: null, direction: 'before', limit: 50 }))
  time('people, 2 letters', 50, () => queries.people({ tokens: [mail.words[2000]!.slice(0, 2)], columns: ['sender'], limit: 8 }))
  queries.close()
}

/** `prepare` makes what `work` is given, and its time does not count. */
function time<T>(what: string, times: number, work: (prepared: T) => unknown, prepare?: () => T): void {
  if (!what.includes(values.only)) return
  const took: number[] = []
  const used: number[] = []
  for (let i = 0; i < times; i++) {
    const prepared = prepare?.() as T
    const cpu = process.cpuUsage()
    const from = performance.now()
    work(prepared)
    took.push(performance.now() - from)
    const { user, system } = process.cpuUsage(cpu)
    used.push((user + system) / 1000)
  }
  // Processor time beside the clock's: on a busy machine it is the steadier figure.
  console.log(`${what.padEnd(40)} ${quantiles(took)}   CPU ${quantiles(used)}`)
}

function quantiles(values: number[]): string {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!.toFixed(2).padStart(8)
  return `p50 ${at(0.5)}  p95 ${at(0.95)}  max ${at(1)} ms`
}

function pickMailbox(): number {
  let at = random()
  for (const [i, share] of SHARES.entries()) {
    at -= share
    if (at < 0) return i
  }
  return 0
}

function idOf(name: string): RecordId {
  return createHash('sha256').update(name).digest('hex') as RecordId
}
