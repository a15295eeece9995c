/**
 * What disappeared from the server. A message is on the server as long as one of its places is: not gone, in a mailbox the server still lists, and under
 * the UIDVALIDITY that holds now; as long as not all is known of that, an older one does as well. So a message that was moved, or that a label let
 * go of, has not disappeared.
 */
import type { LossSummary } from '../../contract/losses.ts'
import type { Cursor } from '../../contract/types.ts'
import type { Fact, FactOf } from '../log/facts.ts'
import type { AnyDb, ReadDb, WriteDb } from './connection.ts'
import { mailboxName } from './mailboxList.ts'
import { BEYOND, epochOf, placementOf, uidOf } from './rows.ts'
import type { Listed } from './summaries.ts'
import type { Departed, IndexQueries, IndexWriter } from './types.ts'
import { uidRanges } from './uidSet.ts'

/** Whether the message in `row` is on the server now. */
const onServer = (row: string) => `EXISTS (
  SELECT 1 FROM placements q JOIN mailboxes b ON b.mailbox = q.mailbox JOIN epochs n ON n.epoch = b.epoch
  WHERE q.row = ${row} AND q.gone IS NULL AND q.shown = 1 AND b.present = 1 AND (q.placement >> 32 = b.epoch OR n.complete = 0))`

/** Each of its three parts walks over what changed since then, and nothing else: CROSS JOIN keeps SQLite from beginning with the placements. */
export const departedQuery = `
  WITH left_place AS (
    SELECT placement, mailbox, row, internal_date, gone AS at FROM placements INDEXED BY placements_gone WHERE gone >= :since AND gone IS NOT NULL
    UNION ALL
    SELECT p.placement, p.mailbox, p.row, p.internal_date, m.absent_since FROM mailboxes m CROSS JOIN placements p ON p.mailbox = m.mailbox AND p.shown = 1
      WHERE m.absent_since >= :since AND p.gone IS NULL
    UNION ALL
    SELECT p.placement, p.mailbox, p.row, p.internal_date, e.replaced FROM epochs e
      CROSS JOIN placements p ON p.placement BETWEEN e.epoch << 32 AND (e.epoch << 32) + 4294967295
      WHERE e.replaced >= :since AND p.shown = 1 AND p.gone IS NULL
  )
  SELECT placement, mailbox, row, internal_date AS internalDate, at FROM left_place d
  WHERE NOT EXISTS (SELECT 1 FROM loss_members l JOIN losses o ON o.loss = l.loss WHERE l.placement = d.placement AND o.answer IS NOT 'returned')
    AND NOT ${onServer('d.row')}
  ORDER BY placement`

type LossFact = Extract<Fact, { k: 'loss' | 'lossAnswer' | 'judged' | 'retry' }>

/** What the facts about losses do to the index. */
export function createLossFacts(db: WriteDb): (fact: LossFact, time: number) => void {
  const add = db.prepare('INSERT INTO losses (loss, at, cause, before) VALUES (?, ?, ?, ?) ON CONFLICT (loss) DO NOTHING')
  const addMailbox = db.prepare('INSERT INTO loss_mailboxes (loss, mailbox, before) VALUES (?, ?, ?) ON CONFLICT (loss, mailbox) DO NOTHING')
  const addMembers = db.prepare(
    'INSERT OR IGNORE INTO loss_members (placement, loss, mailbox) SELECT placement, ?, ? FROM placements WHERE placement BETWEEN ? AND ?',
  )
  // More of it disappeared: it is a new thing to know of.
  const reopen = db.prepare("UPDATE losses SET answer = NULL, answered = NULL WHERE loss = ? AND answer = 'seen'")
  const answer = db.prepare('UPDATE losses SET answer = ?, answered = ? WHERE loss = ?')
  const judged = db.prepare<[number]>('UPDATE head SET last_judged = max(coalesce(last_judged, 0), ?)')
  const retry = db.prepare('UPDATE gaps SET next_try = ? WHERE epoch = ? AND uid BETWEEN ? AND ?')

  const loss = (fact: FactOf<'loss'>, time: number) => {
    add.run(fact.loss, time, fact.cause, fact.before)
    reopen.run(fact.loss)
    for (const { mailbox, before, gone } of fact.from) {
      addMailbox.run(fact.loss, mailbox, before)
      for (const { epoch, uids } of gone)
        for (const [from, to] of uidRanges(uids)) addMembers.run(fact.loss, mailbox, placementOf(epoch, from), placementOf(epoch, to))
    }
  }

  return (fact, time) => {
    if (fact.k === 'loss') loss(fact, time)
    else if (fact.k === 'lossAnswer') answer.run(fact.answer, time, fact.loss)
    else if (fact.k === 'judged') judged.run(fact.at)
    else for (const [from, to] of uidRanges(fact.uids)) retry.run(time, fact.epoch, from, to)
  }
}

/** What the guard against losses asks. */
export function createLossQuestions(db: WriteDb): Pick<IndexWriter, 'lastJudged' | 'departed' | 'openLosses' | 'nextLoss' | 'lossSize'> {
  const lastJudged = db.prepare<[], number | null>('SELECT last_judged FROM head').pluck()
  const departed = db.prepare<[{ since: number }], Departed>(departedQuery)
  const open = db.prepare<[], Pick<LossRow, 'loss' | 'at' | 'cause' | 'before' | 'answer'>>(
    "SELECT loss, at, cause, before, answer FROM losses WHERE answer IS NULL OR answer = 'seen' ORDER BY loss DESC",
  )
  const away = db
    .prepare<[number], number>(
      `SELECT EXISTS (SELECT 1 FROM loss_members l JOIN placements p ON p.placement = l.placement WHERE l.loss = ? AND NOT ${onServer('p.row')})`,
    )
    .pluck()
  const mailboxes = db.prepare<[number], number>('SELECT mailbox FROM loss_mailboxes WHERE loss = ?').pluck()
  const last = db.prepare<[], number | null>('SELECT max(loss) FROM losses').pluck()
  const size = createLossSize(db)
  return {
    lastJudged: () => lastJudged.get() ?? null,
    departed: since => departed.all({ since }),
    openLosses: () => open.all().map(row => ({ ...row, back: away.get(row.loss) === 0, mailboxes: mailboxes.all(row.loss) })),
    nextLoss: () => (last.get() ?? 0) + 1,
    lossSize: size,
  }
}

export function createLossQueries(db: ReadDb): Pick<IndexQueries, 'losses' | 'lossMembers'> & { window: LossWindow } {
  const members = db.prepare<[number, number, number], { placement: number; mailbox: number; id: Buffer; back: number }>(
    `SELECT l.placement, l.mailbox, m.id, ${onServer('p.row')} AS back FROM loss_members l JOIN placements p ON p.placement = l.placement
       JOIN messages m ON m.row = p.row WHERE l.loss = ? AND l.placement > ? ORDER BY l.placement LIMIT ?`,
  )
  return {
    losses: createLossList(db),
    lossMembers: ({ loss, after, limit }) => {
      const rows = members.all(loss, after, limit + 1)
      return {
        rows: rows.slice(0, limit).map(({ placement, mailbox, id, back }) => ({
          placement,
          mailbox,
          epoch: epochOf(placement),
          uid: uidOf(placement),
          id: id.toString('hex') as never,
          back: back === 1,
        })),
        more: rows.length > limit,
      }
    },
    window: createLossWindow(db),
  }
}

/** Messages of a loss as a list: each once, in one of the places it disappeared from. A loss is rare and this is asked by a person, so its rows are sorted anew each time. */
export interface LossWindow {
  older(loss: number, from: Cursor | null, limit: number): Listed[]
  newer(loss: number, from: Cursor | null, limit: number): Listed[]
  at(loss: number, offset: number, limit: number): Listed[]
  count(loss: number): number
}

function createLossWindow(db: ReadDb): LossWindow {
  const rows = 'SELECT p.row, min(p.placement) AS placement FROM loss_members l JOIN placements p ON p.placement = l.placement WHERE l.loss = ?'
  const older = db.prepare<[number, number, number], Listed>(`${rows} AND p.row < ? GROUP BY p.row ORDER BY p.row DESC LIMIT ?`)
  const newer = db.prepare<[number, number, number], Listed>(`${rows} AND p.row > ? GROUP BY p.row ORDER BY p.row LIMIT ?`)
  const at = db.prepare<[number, number, number], Listed>(`${rows} GROUP BY p.row ORDER BY p.row DESC LIMIT ? OFFSET ?`)
  return {
    older: (loss, from, limit) => older.all(loss, from?.row ?? BEYOND, limit),
    newer: (loss, from, limit) => newer.all(loss, from?.row ?? -1, limit),
    at: (loss, offset, limit) => at.all(loss, limit, offset),
    count: createLossSize(db),
  }
}

/** How many messages: one that disappeared from two mailboxes is one. */
function createLossSize(db: AnyDb): (loss: number) => number {
  const count = db
    .prepare<[number], number>('SELECT count(DISTINCT p.row) FROM loss_members l JOIN placements p ON p.placement = l.placement WHERE l.loss = ?')
    .pluck()
  return loss => count.get(loss) ?? 0
}

interface LossRow {
  loss: number
  at: number
  cause: LossSummary['cause']
  before: number
  answer: LossSummary['answer']
  answered: number | null
  messages: number
  back: number
}

/** Losses, the newest first; `open`: those that are neither intended nor undone. Costs 10 µs for each of their messages. */
export function createLossList(db: AnyDb): (which: 'open' | 'all') => Omit<LossSummary, 'archive'>[] {
  const losses = db.prepare<[{ which: string }], LossRow>(
    `SELECT o.*, c.messages, c.back FROM losses o JOIN (
       SELECT loss, count(*) AS messages, sum(back) AS back FROM (
         SELECT l.loss, p.row, ${onServer('p.row')} AS back FROM loss_members l
           JOIN losses i ON i.loss = l.loss AND (:which = 'all' OR i.answer IS NULL OR i.answer = 'seen')
           JOIN placements p ON p.placement = l.placement GROUP BY l.loss, p.row)
       GROUP BY loss) c ON c.loss = o.loss ORDER BY o.loss DESC`,
  )
  const mailboxes = db.prepare<
    [number],
    { id: number; path: string | null; delimiter: string | null; before: number; present: number | null; messages: number }
  >(
    `SELECT x.mailbox AS id, m.path, m.delimiter, x.before, m.present, (
       SELECT count(DISTINCT p.row) FROM loss_members l JOIN placements p ON p.placement = l.placement WHERE l.loss = x.loss AND l.mailbox = x.mailbox
     ) AS messages FROM loss_mailboxes x LEFT JOIN mailboxes m ON m.mailbox = x.mailbox WHERE x.loss = ? ORDER BY messages DESC, x.mailbox`,
  )
  return which =>
    losses.all({ which }).map(row => ({
      loss: row.loss,
      at: row.at,
      cause: row.cause,
      before: row.before,
      messages: row.messages,
      returned: row.back,
      answer: row.answer,
      answeredAt: row.answered,
      mailboxes: mailboxes.all(row.loss).map(({ id, path, delimiter, before, present, messages }) => ({
        id,
        name: path === null ? '' : mailboxName(JSON.parse(path) as string[], delimiter ?? ''),
        messages,
        before,
        present: present === 1,
      })),
    }))
}
