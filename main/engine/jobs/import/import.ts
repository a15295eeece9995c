/**
 * Mail of other programs, and exports of this one, into an archive. What is there already is not stored or placed again, so an import that was
 * cut off is simply started anew; every message of the source is counted, and each that could not be had has a name.
 */
import type { ImportRequest } from '../../../contract/import.ts'
import type { RecordId } from '../../base/ids.ts'
import type { Fact } from '../../log/facts.ts'
import { createSaver, type Saver } from '../capture/saver.ts'
import type { Prepared } from '../pool/types.ts'
import type { ArchiveStore, JobContext } from '../types.ts'
import { readPath } from './folders.ts'
import { createImportMailboxes, type ImportMailboxes } from './mailboxes.ts'
import type { FoundMessage } from './types.ts'

export interface ImportDeps {
  store: ArchiveStore
  request: Pick<ImportRequest, 'paths' | 'dryRun'>
  /** Levels below which all of it goes. */
  prefix: readonly string[]
  /** The archive is captured from an account, whose mailboxes are the server's business. */
  hasAccount: boolean
  /** In which mailboxes these messages are. */
  placesOf(ids: readonly RecordId[]): Promise<{ id: RecordId; mailbox: number }[]>
  /** A folder that nobody else can read, for what has to be unpacked. */
  temporary: string
}

const MOST_MESSAGES = 100
const MOST_BYTES = 4 * 1024 * 1024
const BATCHES_AT_ONCE = 3

/** Result: found, mailboxes, passed (files that are no mail). Outcomes: added, unchanged (was there), failed. */
export async function importMail({ store, request, prefix, hasAccount, placesOf, temporary }: ImportDeps, ctx: JobContext): Promise<void> {
  const mailboxes = createImportMailboxes(store.index, { prefix, hasAccount })
  const dryRun = request.dryRun ?? false
  if (dryRun) ctx.result({ dryRun })
  const saver = createSaver(store, {
    onSaved: (_, bytes) => {
      tally.bytes += bytes
      ctx.progress({ bytesDone: tally.bytes })
    },
  })
  const tally = { found: 0, passed: 0, bytes: 0 }
  const importing: Importing = { store, saver, mailboxes, placesOf, dryRun, ctx, seen: new Map(), placed: new Map() }
  store.index.flush() // what was placed before is asked for through the reader
  ctx.progress({ phase: 'reading', done: 0, total: null })

  let batch: FoundMessage[] = []
  let bytes = 0
  let underWay: Promise<void>[] = []
  let last: Promise<void> = Promise.resolve()
  const flush = async () => {
    if (batch.length === 0) return
    const these = batch
    batch = []
    bytes = 0
    const prepared = store.pool.prepare(
      these.map(one => one.bytes as Uint8Array),
      { later: 'text' },
    )
    prepared.catch(() => {}) // met by `last`
    const before = last
    last = before.then(async () => place(importing, these, await prepared))
    last.catch(() => {}) // met when it is waited for
    underWay.push(last)
    if (underWay.length >= BATCHES_AT_ONCE) await underWay.shift()
  }

  try {
    for (const path of request.paths) {
      await flush()
      await last
      importing.seen.clear()
      for await (const found of readPath(path, temporary)) {
        await ctx.checkpoint()
        if (found.kind === 'passed') tally.passed++
        else if (found.kind === 'unreadable') ctx.failed(found.where, found.error)
        else {
          tally.found++
          ctx.progress({ done: tally.found, current: found.where })
          if (typeof found.bytes === 'function') {
            await flush()
            await last
            await placeLarge(importing, found, found.bytes)
          } else {
            batch.push(found)
            bytes += found.bytes.length
            if (batch.length >= MOST_MESSAGES || bytes >= MOST_BYTES) await flush()
          }
        }
      }
    }
    await flush()
    await last
    await saver.drained()
  } finally {
    await Promise.allSettled(underWay)
    underWay = []
    await saver.drained().catch(() => {}) // its failure was told; nothing may write after the job has ended
    store.index.flush()
  }
  ctx.result({ found: tally.found, passed: tally.passed, mailboxes: mailboxes.count })
  if (!dryRun) await store.readTexts(ctx)
}

interface Importing {
  store: ArchiveStore
  saver: Saver
  mailboxes: ImportMailboxes
  placesOf: ImportDeps['placesOf']
  dryRun: boolean
  ctx: JobContext
  /** How often what was named last has each message, by mailbox; the first half of an id tells messages apart. */
  seen: Map<number, Map<string, number>>
  /** How often the mailboxes have what this import has placed. */
  placed: Map<number, Map<string, number>>
}

async function place(importing: Importing, found: readonly FoundMessage[], prepared: readonly Prepared[]): Promise<void> {
  const { saver, ctx, dryRun } = importing
  const known = await knownPlaces(importing, prepared)
  const facts: Fact[] = []
  const fresh: Prepared[] = []
  for (const [i, message] of prepared.entries()) {
    const placed = placements(importing, found[i]!, message, known)
    if (placed.length > 0) fresh.push(message)
    facts.push(...placed)
    ctx.count(placed.length > 0 ? 'added' : 'unchanged')
  }
  if (!dryRun) await saver.facts(facts, fresh)
}

async function placeLarge(importing: Importing, found: FoundMessage, pieces: () => AsyncIterable<Uint8Array>): Promise<void> {
  const { store, saver, ctx, dryRun } = importing
  if (dryRun) {
    ctx.count('added')
    return
  }
  await saver.drained() // its records go to the log beside no others
  const prepared = await store.pool.prepareStream(pieces(), async records => void (await store.put(records)))
  const known = await knownPlaces(importing, [prepared])
  const facts = placements(importing, found, prepared, known)
  ctx.count(facts.length > 0 ? 'added' : 'unchanged')
  await saver.facts(facts, facts.length > 0 ? [prepared] : [])
}

/** How often each mailbox of the archive had a message before this import. */
async function knownPlaces({ placesOf }: Importing, prepared: readonly Prepared[]): Promise<ReadonlyMap<string, number>> {
  const known = new Map<string, number>()
  for (const { id, mailbox } of await placesOf([...new Set(prepared.map(({ id }) => id))])) {
    const key = `${mailbox} ${id}`
    known.set(key, (known.get(key) ?? 0) + 1)
  }
  return known
}

/**
 * Facts of every mailbox in which it is not yet, new mailboxes included. A message that the source has twice in one mailbox is there twice
 * afterwards, and not four times after a second import.
 */
function placements({ mailboxes, seen, placed }: Importing, found: FoundMessage, { id, size }: Prepared, known: ReadonlyMap<string, number>): Fact[] {
  const facts: Fact[] = []
  for (const path of found.mailboxes) {
    const target = mailboxes.of(path, found.role ?? null)
    const inSource = countOne(seen, target.mailbox, id)
    const key = id.slice(0, 32)
    const here = placed.get(target.mailbox) ?? new Map<string, number>()
    placed.set(target.mailbox, here)
    // The reader may or may not see what this import has placed by now.
    const there = Math.max(known.get(`${target.mailbox} ${id}`) ?? 0, here.get(key) ?? 0)
    if (inSource <= there) continue
    here.set(key, there + 1)
    const { internalDate, zone, flags } = found
    facts.push(...target.begin(), { k: 'placed', epoch: target.epoch, uid: target.nextUid(), id, size, internalDate, zone, flags: [...flags] })
  }
  return facts
}

function countOne(counts: Map<number, Map<string, number>>, mailbox: number, id: RecordId): number {
  const ofMailbox = counts.get(mailbox) ?? new Map<string, number>()
  counts.set(mailbox, ofMailbox)
  const count = (ofMailbox.get(id.slice(0, 32)) ?? 0) + 1
  ofMailbox.set(id.slice(0, 32), count)
  return count
}
