/**
 * The index on generated messages: `node bench/index.bench.ts [messages]` (Node 24; 200,000 by default). Prints what applying costs, how long single
 * applies hold up the thread, and p50/p95 of what lists and search ask. The text is drawn from a vocabulary with Zipf's law, about 1.2 KB a message.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openIndexQueries } from '../main/engine/index/reader.ts'
import type { IndexQueries, ParsedMessage, ReadMessage, StoredRecord } from '../main/engine/index/types.ts'
import { openIndexWriter } from '../main/engine/index/writer.ts'
import type { Fact } from '../main/engine/log/facts.ts'
import type { Commit, RecordId } from '../main/engine/log/types.ts'

const MESSAGES = Number(process.argv[2] ?? 200_000)
const BATCH = 100
const SHARES = [0.5, 0.2, 0.15, 0.1, 0.04, 0.0095, 0.0005] // of the mailboxes
const YEARS = 15 * 365 * 86_400
const START = 1_200_000_000

const dir = mkdtempSync(join(tmpdir(), 'mailcoffer-bench-'))
const file = { path: join(dir, 'index.db'), key: new Uint8Array(32).fill(1) }
const random = mulberry(7)
const words = vocabulary(150_000)

try {
  build()
  ask(openIndexQueries(file))
} finally {
  rmSync(dir, { recursive: true, force: true })
}

function build(): void {
  const writer = openIndexWriter(file)
  const uids = SHARES.map(() => 0)
  const blocks: number[] = []
  let cpu = 0
  let text = 0
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
        size: 20_000,
        internalDate: date,
        zone: 60,
        flags: random() < 0.9 ? ['\\Seen'] : [],
      })
      records.push({ id, place: { segment: 1, offset: done, length: 1000 } })
      if (random() < 0.5) records.push({ id: idOf(`blob ${done}`), place: { segment: 1, offset: done, length: 1000 } })
      const message = newMessage(done, date)
      text += message.fts.body.length + message.fts.subject.length + message.fts.people.length
      parsed.set(id, message)
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
}

function ask(queries: IndexQueries & { close(): void }): void {
  const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const search =
    (match: () => string, mailbox: number | null = null) =>
    () =>
      queries.search({ match: match(), mailbox, from: null, limit: 50 })
  const common = () => words[Math.floor(random() * 20)]!
  const middle = () => words[500 + Math.floor(random() * 2000)]!
  const rare = () => words[50_000 + Math.floor(random() * 90_000)]!
  const begins = (length: number) => () => `"${middle().padEnd(length, 'a').slice(0, length)}" *`
  time('first search', 1, search(common))
  for (const mailbox of [null, 1, 4]) {
    const name = mailbox === null ? 'all' : `mailbox ${mailbox}`
    const starts = Array.from({ length: 200 }, () => queries.at({ mailbox, fraction: random(), limit: 1 }).rows[0]!.cursor)
    time(`window, ${name}`, 1000, () => queries.window({ mailbox, from: any(starts), direction: random() < 0.5 ? 'after' : 'before', limit: 50 }))
    time(`at, ${name}`, 1000, () => queries.at({ mailbox, fraction: random(), limit: 50 }))
  }
  time('mailboxes', 200, () => queries.mailboxes())
  time('status', 200, () => queries.status())
  time(
    'search, in every message',
    50,
    search(() => '"everywhere"'),
  )
  time('search, common', 300, search(common))
  time('search, middle', 300, search(middle))
  time('search, rare', 300, search(rare))
  time(
    'search, common AND common',
    300,
    search(() => `${common()} AND ${common()}`),
  )
  time(
    'search, common AND rare',
    300,
    search(() => `${common()} AND ${rare()}`),
  )
  time(
    'search, phrase',
    300,
    search(() => `"${common()} ${common()}"`),
  )
  time(
    'search, NOT',
    300,
    search(() => `${middle()} NOT ${common()}`),
  )
  for (const length of [1, 2, 3, 4, 6]) time(`search, ${length} letters *`, 100, search(begins(length)))
  time('search, common, half of all', 300, search(common, 1))
  time('search, common, 0.05 % of all', 100, search(common, 7))
  time('search, middle, 1 % of all', 100, search(middle, 6))
  time('count, common', 50, () => queries.count({ match: common(), mailbox: null, cap: 10_000_000 }))
  time('count to 10,000', 50, () => queries.count({ match: common(), mailbox: null, cap: 10_000 }))
  queries.close()
}

function time(what: string, times: number, work: () => unknown): void {
  const took: number[] = []
  for (let i = 0; i < times; i++) {
    const from = performance.now()
    work()
    took.push(performance.now() - from)
  }
  console.log(`${what.padEnd(30)} ${quantiles(took)}`)
}

function quantiles(values: number[]): string {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!.toFixed(2).padStart(8)
  return `p50 ${at(0.5)}  p95 ${at(0.95)}  max ${at(1)} ms`
}

function newMessage(n: number, date: number): ReadMessage {
  const subject = text(6)
  const person = Math.floor(random() ** 2 * 3000)
  const name = `${words[1000 + person]} ${words[5000 + person]}`
  const body = `everywhere ${text(Math.floor(Math.exp(4.7 + 1.5 * (random() + random() + random() + random() - 2))))}`
  return {
    subject,
    from: [{ name, address: `p${person}@example.org` }],
    to: [{ name: 'Me', address: 'me@example.org' }],
    cc: [],
    date: date * 1000,
    rfcMessageId: `${n}.${person}@mail.example.org`,
    inReplyTo: n % 2 ? '' : `${n - 2}.1@mail.example.org`,
    references: n % 2 ? [] : [`${n - 2}.1@mail.example.org`],
    attachments: n % 4 ? [] : [{ index: 0, name: `${words[n % 1000]}.pdf`, type: 'application/pdf', size: 100_000, inline: false, cid: null }],
    snippet: body.slice(0, 200),
    fts: { subject, people: `${name} p${person} example org me me example org`, body, names: n % 4 ? '' : `${words[n % 1000]} pdf` },
    failure: null,
  }
}

function text(count: number): string {
  let out = ''
  for (let i = 0; i < count; i++) {
    const word = random() < 0.03 ? String(Math.floor(random() * 1e6)) : words[Math.floor(words.length ** random()) - 1]
    out += i ? ` ${word}` : word
  }
  return out
}

function pickMailbox(): number {
  let at = random()
  for (const [i, share] of SHARES.entries()) {
    at -= share
    if (at < 0) return i
  }
  return 0
}

function vocabulary(size: number): string[] {
  const syllables =
    'ba be bi bo ka ke ki ko la le li lo ma me mi mo na ne ni no ra re ri ro sa se si so ta te ti to va ve vi vo sta pre con tra ing er'.split(' ')
  const seen = new Set<string>()
  while (seen.size < size) {
    let word = ''
    for (let i = 1 + Math.floor((seen.size / size) ** 0.3 * 4 + random()); i > 0; i--) word += syllables[Math.floor(random() * syllables.length)]
    seen.add(word)
  }
  return [...seen]
}

function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

function idOf(name: string): RecordId {
  return createHash('sha256').update(name).digest('hex') as RecordId
}
