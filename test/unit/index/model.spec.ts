/** Random histories against a brute-force answer: whatever a log says, the index says the same as plain arrays. */
import { describe, expect, test } from 'vitest'
import type { Cursor, MessageWindow } from '../../../main/contract/types.ts'
import { hashIndex } from '../../../main/engine/index/dump.ts'
import type { IndexQueries, IndexWriter } from '../../../main/engine/index/types.ts'
import type { RecordId } from '../../../main/engine/log/types.ts'
import { wantedBy } from '../../help/wanted.ts'
import { history, numberOf, parsedOf, random } from './history.ts'
import { Model } from './model.ts'
import { applyAll, openTestIndex, parsedMap } from './openTestIndex.ts'

const SEEDS = Array.from({ length: 14 }, (_, i) => i + 1)

describe.each(SEEDS)('history %i', seed => {
  const steps = history(seed, 30, 14)

  test('lists, counts, placements, gaps and search results are those of the brute-force model', () => {
    const { writer, queries } = openTestIndex()
    const model = new Model()
    const r = random(seed + 1000)
    for (const step of steps) {
      const parsed = parsedMap(step.parsed)
      writer.apply(step.commit, step.records, parsed)
      model.apply(step.commit, parsed)
      if (r() < 0.2) readPending(writer, model)
      if (r() < 0.1) writer.flush()
      if (r() < 0.05) writer.idle()
    }
    readPending(writer, model)
    expect(writer.pending(10)).toEqual([])
    writer.flush()
    sameState(writer, model)
    sameAnswers(queries(), model, r)
  })

  test('an index built from the log alone says the same as one built live, stopped and opened again on the way', () => {
    const live = openTestIndex()
    const stop = Math.floor(steps.length / 2)
    applyAll(live.writer, steps.slice(0, stop))
    live.writer.close()
    const again = openTestIndex(live.file)
    applyAll(again.writer, steps.slice(stop))
    readPending(again.writer)
    again.writer.flush()

    const rebuilt = openTestIndex()
    applyAll(rebuilt.writer, steps, { withTexts: false })
    readPending(rebuilt.writer)
    rebuilt.writer.flush()
    expect(hashIndex(rebuilt.file, { oneWordIn: 1 })).toBe(hashIndex(again.file, { oneWordIn: 1 }))
  })

  test('texts that are read again take the place of the old ones', () => {
    const { writer, queries } = openTestIndex()
    applyAll(writer, steps)
    readPending(writer)
    writer.flush()
    const ids = allIds(queries())
    const changed = (id: RecordId) => ({
      ...parsedOf(numberOf(id)),
      fts: { subject: '', sender: '', addressee: '', copied: '', body: 'changed', names: '', marks: '' },
    })
    writer.setParsed(new Map(ids.map(id => [id, changed(id)])))
    writer.flush()
    expect(queries().count({ wanted: wantedBy('changed'), mailbox: null, cap: 1e6 })).toEqual({ count: ids.length, more: false })
    expect(queries().count({ wanted: wantedBy('n1 OR n2 OR n3 OR alpha'), mailbox: null, cap: 1e6 }).count).toBe(0)
    while (writer.idle());
    expect(queries().count({ wanted: wantedBy('alpha'), mailbox: null, cap: 1e6 }).count).toBe(0)
  })
})

function readPending(writer: IndexWriter, model?: Model): void {
  for (let ids = writer.pending(7); ids.length > 0; ids = writer.pending(7)) {
    const numbers = ids.map(id => numberOf(id))
    writer.setParsed(parsedMap(numbers))
    for (const [i, id] of ids.entries()) model?.setParsed(id, parsedOf(numbers[i]!))
  }
}

function sameState(writer: IndexWriter, model: Model): void {
  for (const { epoch } of model.epochs.values()) {
    const live = model.placements.filter(p => p.epoch === epoch && p.gone === null).sort((a, b) => a.uid - b.uid)
    expect([...writer.placedUids(epoch)]).toEqual(live.map(({ uid }) => uid))
    expect(writer.placedFlags(epoch, [...live.map(({ uid }) => uid), 999_999])).toEqual([...live.map(({ flags }) => flags), null])
    const gaps = model.gaps.filter(gap => gap.epoch === epoch).sort((a, b) => a.uid - b.uid)
    expect(writer.gaps(epoch)).toEqual(gaps.map(({ epoch: _, ...gap }) => gap))
  }
  expect(writer.mailboxes().map(({ mailbox, epoch }) => [mailbox, epoch?.epoch, epoch?.exists, epoch?.complete, epoch?.completeAsOf])).toEqual(
    [...model.mailboxes.keys()]
      .sort((a, b) => a - b)
      .map(mailbox => {
        const epoch = model.newestEpoch(mailbox)
        return [mailbox, epoch?.epoch, epoch?.cursor?.exists ?? null, epoch?.cursor?.complete ?? false, epoch?.completeAsOf]
      }),
  )
  expect(writer.nextEpoch()).toBe(model.epochs.size + 1)
  expect(writer.nextMailbox()).toBe(model.mailboxes.size + 1)
}

function sameAnswers(queries: IndexQueries, model: Model, r: () => number): void {
  const seen = (flags: string[]) => flags.some(flag => flag.toLowerCase() === '\\seen')
  const all = model.all()
  sameList(
    queries,
    null,
    all.map(({ id }) => id),
    r,
  )
  const ledger = new Map(queries.status().mailboxes.map(one => [one.id, one]))
  for (const mailbox of queries.mailboxes()) {
    const list = model.list(mailbox.id)
    sameList(
      queries,
      mailbox.id,
      list.map(({ message }) => message.id),
      r,
    )
    const fact = model.mailboxes.get(mailbox.id)!
    expect(mailbox).toMatchObject({
      path: fact.path,
      name: fact.path.join('/'),
      present: fact.present,
      messages: list.length,
      gone: list.filter(placement => model.goneOf(placement) !== null).length,
      unread: list.filter(({ gone, flags }) => gone === null && !seen(flags)).length,
      gaps: model.gaps.filter(({ epoch }) => model.epochs.get(epoch)!.mailbox === mailbox.id).length,
      completeAsOf: model.newestEpoch(mailbox.id)?.completeAsOf ?? null,
    })
    const newest = model.newestEpoch(mailbox.id)
    expect(ledger.get(mailbox.id)).toMatchObject({ epoch: newest?.epoch ?? null, uidValidity: newest?.uidValidity ?? null })
    const rows = walk(queries, mailbox.id, 'after', 500)
    expect(rows.map(({ flags, gone }) => ({ flags, gone }))).toEqual(
      list.map(placement => ({ flags: placement.flags, gone: model.goneOf(placement) })),
    )
  }
  for (const message of all) {
    const id = message.id as RecordId
    const found = queries.message(id)!
    expect(found).toMatchObject({ size: message.size, gone: message.gone, sortTime: message.second * 1000, subject: message.parsed!.subject })
    expect(found.attachmentList).toEqual(message.parsed!.attachments)
    expect(queries.placements(id).map(({ mailbox, uid, flags, firstSeen, gone }) => ({ mailbox, uid, flags, firstSeen, gone }))).toEqual(
      model.placements
        .filter(p => p.message === message && !p.history)
        .sort((a, b) => a.epoch - b.epoch || a.uid - b.uid)
        .map(placement => ({ ...placement, gone: model.goneOf(placement) }))
        .map(({ mailbox, uid, flags, firstSeen, gone }) => ({ mailbox, uid, flags, firstSeen, gone })),
    )
    expect(queries.idsByPrefix(id.slice(0, 12))).toEqual([id])
    expect(queries.place(id)).not.toBeNull()
  }
  for (const words of [['alpha'], ['alpha', 'beta'], ['zebra'], ['invoice', 'n7'], ['nothing'], ['好']]) {
    const wanted = wantedBy(words.join(' '))
    const expected = model.withWords(words)
    for (const mailbox of [null, ...model.mailboxes.keys()]) {
      const inside = expected.filter(message => mailbox === null || model.list(mailbox).some(p => p.message === message)).map(({ id }) => id)
      const pages: string[] = []
      let from: Cursor | null = null
      let more = true
      while (more) {
        const window = queries.search({ wanted, mailbox, from, limit: 3 })
        pages.push(...window.rows.map(({ id }) => id))
        more = window.after
        from = window.rows.at(-1)?.cursor ?? null
      }
      expect(pages, `${words} in ${mailbox}`).toEqual(inside)
      expect(queries.count({ wanted, mailbox, cap: 4 })).toEqual({ count: Math.min(4, inside.length), more: inside.length > 4 })
    }
  }
  expect(queries.status()).toMatchObject({
    messages: all.length,
    rawBytes: all.reduce((sum, { size }) => sum + size, 0),
    unindexed: 0,
    unparsable: all.filter(({ parsed }) => parsed!.failure).length,
    firstMessage: all.at(-1)!.second * 1000,
    lastMessage: all[0]!.second * 1000,
  })
}

function sameList(queries: IndexQueries, mailbox: number | null, expected: string[], r: () => number): void {
  const ids = (window: MessageWindow) => window.rows.map(({ id }) => id)
  expect(walk(queries, mailbox, 'after', 7).map(({ id }) => id)).toEqual(expected)
  expect(walk(queries, mailbox, 'before', 4).map(({ id }) => id)).toEqual(expected)
  for (const fraction of [0, r(), r(), 1]) {
    const limit = 1 + Math.floor(r() * 9)
    const at = queries.at({ mailbox, fraction, limit })
    expect(at.position).toBe(Math.round(fraction * Math.max(0, expected.length - limit)))
    expect(ids(at)).toEqual(expected.slice(at.position, at.position + limit))
    expect([at.before, at.after]).toEqual([at.position > 0 && at.rows.length > 0, at.position + limit < expected.length])
  }
  const exported: string[] = []
  let from: Cursor | null = null
  for (let more = true; more; ) {
    const page = queries.exportPage({ mailbox, from, limit: 5 })
    exported.push(...page.rows.map(({ id }) => id))
    from = page.rows.at(-1)?.cursor ?? null
    more = page.more
  }
  expect(exported).toEqual(expected)
}

/** All rows of a list, window by window; in list order whichever way it was walked. */
function walk(queries: IndexQueries, mailbox: number | null, direction: 'after' | 'before', limit: number): MessageWindow['rows'] {
  const rows: MessageWindow['rows'] = []
  let from: Cursor | null = null
  for (;;) {
    const window = queries.window({ mailbox, from, direction, limit })
    if (direction === 'after') rows.push(...window.rows)
    else rows.unshift(...window.rows)
    if (window.rows.length > 0) expect(direction === 'after' ? window.before : window.after).toBe(from !== null)
    if (!(direction === 'after' ? window.after : window.before)) return rows
    from = (direction === 'after' ? window.rows.at(-1) : window.rows[0])!.cursor
  }
}

function allIds(queries: IndexQueries): RecordId[] {
  return walk(queries, null, 'after', 500).map(({ id }) => id as RecordId)
}
