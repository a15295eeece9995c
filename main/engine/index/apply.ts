/**
 * What each fact of a commit does to the index. Facts are true, whatever order damage left them in: one that names something never heard of
 * (its commit was lost) gets a stand-in, so that every message that can be read can also be found.
 */
import type { Fact, FactOf } from '../log/facts.ts'
import type { Commit, RecordId } from '../log/types.ts'
import type { WriteDb } from './connection.ts'
import { createDays } from './days.ts'
import type { FlagLists } from './flagLists.ts'
import { createLossFacts } from './losses.ts'
import type { Messages } from './messages.ts'
import type { PlacedLater } from './placedLater.ts'
import type { Placement, Placements } from './placements.ts'
import { bytesOf, epochOf, placementOf } from './rows.ts'
import type { ParsedMessage } from './types.ts'
import { uidRanges } from './uidSet.ts'

/** An epoch whose mailbox is not known any more: its messages are in the list of all messages, and in no mailbox. */
const NO_MAILBOX = 0

export interface ApplyDeps {
  db: WriteDb
  messages: Messages
  placements: Placements
  placedLater: PlacedLater
  flags: FlagLists
}

/** What a commit says, and when. */
type Said = Pick<Commit, 'facts' | 'time'>

export interface Facts {
  apply(commit: Said, parsed: ReadonlyMap<RecordId, ParsedMessage>): void
  forget(): void
}

export function createFacts({ db, messages, placements, placedLater, flags }: ApplyDeps): Facts {
  const sql = statements(db)
  const lossFact = createLossFacts(db)
  const days = createDays(db)
  let mailboxes = new Map<number, number>() // epoch → mailbox

  const mailboxOf = (epoch: number): number => {
    let mailbox = mailboxes.get(epoch)
    if (mailbox === undefined) {
      mailbox = sql.mailboxOf.get(epoch) ?? undefined
      if (mailbox === undefined) {
        sql.addEpoch.run(epoch, NO_MAILBOX, null)
        mailbox = NO_MAILBOX
      }
      mailboxes.set(epoch, mailbox)
    }
    return mailbox
  }

  const closeGap = (epoch: number, uid: number) => {
    if (sql.closeGap.run(epoch, uid).changes > 0) placements.countGap(mailboxOf(epoch), -1)
  }

  const mailbox = (fact: FactOf<'mailbox'>, commit: Said) => {
    const { path, delimiter, raw, role, selectable, subscribed, present } = fact
    // What never was on a server (it was imported) cannot be missing there.
    const absentSince = present || !sql.isKnown.get(fact.mailbox) ? null : commit.time
    placements.presence(fact.mailbox, absentSince !== null)
    sql.mailbox.run(fact.mailbox, JSON.stringify(path), delimiter, raw, role, selectable ? 1 : 0, subscribed ? 1 : 0, present ? 1 : 0, absentSince)
  }

  /** RFC 9051 2.3.1.1: a new UIDVALIDITY means that every UID we know is meaningless. The old epoch stays as history; what could not be had in it, nobody can have. */
  const epoch = (fact: FactOf<'epoch'>, commit: Said) => {
    sql.standIn.run(fact.mailbox, JSON.stringify([`(${fact.mailbox})`]))
    sql.addEpoch.run(fact.epoch, fact.mailbox, fact.uidValidity)
    mailboxes.set(fact.epoch, fact.mailbox)
    sql.newestEpoch.run(fact.epoch, fact.mailbox)
    sql.replaced.run(commit.time, fact.mailbox, fact.mailbox)
    const closed = sql.closeOldGaps.run(fact.mailbox, fact.mailbox).changes
    if (closed > 0) placements.countGap(fact.mailbox, -closed)
  }

  const placed = (fact: FactOf<'placed'>, commit: Said, parsed: ReadonlyMap<RecordId, ParsedMessage>) => {
    const id = fact.id as RecordId
    const at = placementOf(fact.epoch, fact.uid)
    let row = messages.rowOf(id)
    const fresh = row === null
    const text = parsed.get(id)
    const mailbox = mailboxOf(fact.epoch)
    if (row === null) row = messages.create({ id, size: fact.size, internalDate: fact.internalDate, mailbox }, text, commit)
    else if (text && messages.isPending(row)) {
      const moved = messages.fill(row, text)
      placements.moved(row, moved)
      row = moved
    }
    const { flags: list, seen } = flags.of(fact.flags)
    const before = placements.get(at)
    const after: Placement = {
      placement: at,
      mailbox,
      row,
      flags: list,
      seen,
      internalDate: fact.internalDate,
      zone: fact.zone,
      firstSeen: before?.row === row ? before.firstSeen : commit.time,
      gone: null,
      shown: true,
    }
    const wasThere = fresh || (before?.shown && before.row === row && before.mailbox === mailbox) || (!before && becomeHistory(after))
    // Until its text is read it is in no list of words; then its marks name all of its mailboxes.
    if (!wasThere && !messages.isPending(row)) placedLater.add(mailbox, row)
    placements.save(before, after, fresh)
    if (fresh) days.count('captured')
    closeGap(fact.epoch, fact.uid)
    if (fact.emailId !== undefined) sql.emailId.run(fact.emailId, bytesOf(id))
  }

  /**
   * The same message under an older UIDVALIDITY of this mailbox is one message in one list, first seen back then. One for one: true duplicates stay two.
   * Answers whether there was one.
   */
  const becomeHistory = (after: Placement): boolean => {
    if (after.mailbox === NO_MAILBOX) return false
    const old = placements.earlier(after.mailbox, after.row, placementOf(epochOf(after.placement), 0))
    if (!old) return false
    placements.save(old, { ...old, shown: false })
    after.firstSeen = old.firstSeen
    return true
  }

  const setFlags = (fact: FactOf<'flags'>) => {
    const before = placements.get(placementOf(fact.epoch, fact.uid))
    if (!before) return // its placement was in a commit that is lost
    const { flags: list, seen } = flags.of(fact.flags)
    placements.save(before, { ...before, flags: list, seen })
    days.count('flags')
  }

  const gone = (fact: FactOf<'gone'>, commit: Said) => {
    for (const [from, to] of uidRanges(fact.uids)) {
      for (const before of placements.liveBetween(placementOf(fact.epoch, from), placementOf(fact.epoch, to))) {
        placements.save(before, { ...before, gone: commit.time })
        days.count('gone')
      }
      const closed = sql.closeGaps.run(fact.epoch, from, to).changes
      if (closed > 0) placements.countGap(mailboxOf(fact.epoch), -closed)
    }
  }

  const gap = (fact: FactOf<'gap'>, commit: Said) => {
    const there = placements.get(placementOf(fact.epoch, fact.uid))
    if (there && there.gone === null) return // it was had after all
    const inMailbox = mailboxOf(fact.epoch)
    if (sql.updateGap.run(fact.code, fact.tries, commit.time, fact.nextTry, fact.epoch, fact.uid).changes > 0) return
    sql.addGap.run(fact.epoch, fact.uid, fact.code, fact.tries, commit.time, fact.nextTry)
    placements.countGap(inMailbox, 1)
    days.count('gaps')
  }

  const cursor = (fact: FactOf<'cursor'>) => {
    mailboxOf(fact.epoch)
    sql.cursor.run(fact.exists, fact.uidNext, fact.modseq, fact.complete ? 1 : 0, fact.epoch)
  }

  const uidl = ({ epoch, uid, uidl, octets, head }: FactOf<'uidl'>) => {
    mailboxOf(epoch)
    sql.uidl.run(epoch, uid, uidl, octets, head === null ? null : bytesOf(head))
  }

  const one = (fact: Fact, commit: Said, parsed: ReadonlyMap<RecordId, ParsedMessage>) => {
    switch (fact.k) {
      case 'mailbox':
        return mailbox(fact, commit)
      case 'mailboxId':
        return sql.mailboxId.run(fact.mailbox, fact.id)
      case 'epoch':
        return epoch(fact, commit)
      case 'placed':
        return placed(fact, commit, parsed)
      case 'flags':
        return setFlags(fact)
      case 'gone':
        return gone(fact, commit)
      case 'gap':
        return gap(fact, commit)
      case 'cursor':
        return cursor(fact)
      case 'uidl':
        return uidl(fact)
      case 'proven':
        return sql.proven.run(fact.at)
      case 'loss':
      case 'lossAnswer':
      case 'judged':
      case 'retry':
        return lossFact(fact, commit.time)
      default:
        return // says nothing about lists; and a reader passes over kinds it does not know (FORMAT.md section 6)
    }
  }

  return {
    apply: (commit, parsed) => {
      for (const fact of commit.facts) one(fact, commit, parsed)
      for (const fact of commit.facts) if (fact.k === 'cursor' && fact.complete) sql.complete.run(commit.time, fact.epoch)
      days.write(commit.time)
      if (commit.facts.some(({ k }) => k === 'cursor')) sql.captured.run(commit.time)
    },
    forget: () => {
      mailboxes = new Map()
      days.forget()
    },
  }
}

function statements(db: WriteDb) {
  return {
    mailboxOf: db.prepare<[number], number>('SELECT mailbox FROM epochs WHERE epoch = ?').pluck(),
    mailbox: db.prepare(
      `INSERT INTO mailboxes (mailbox, path, delimiter, raw, role, selectable, subscribed, present, absent_since)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (mailbox) DO UPDATE SET path = excluded.path, delimiter = excluded.delimiter, raw = excluded.raw, role = excluded.role,
         selectable = excluded.selectable, subscribed = excluded.subscribed, present = excluded.present,
         absent_since = CASE WHEN excluded.present = 1 THEN NULL ELSE coalesce(absent_since, excluded.absent_since) END`,
    ),
    isKnown: db.prepare<[number], number>('SELECT 1 FROM mailboxes WHERE mailbox = ?').pluck(),
    mailboxId: db.prepare<[number, string]>(
      'INSERT INTO mailbox_ids (mailbox, id) VALUES (?, ?) ON CONFLICT (mailbox) DO UPDATE SET id = excluded.id',
    ),
    standIn: db.prepare<[number, string]>(
      `INSERT OR IGNORE INTO mailboxes (mailbox, path, delimiter, raw, role, selectable, subscribed, present) VALUES (?, ?, '/', '', NULL, 1, 0, 0)`,
    ),
    addEpoch: db.prepare<[number, number, number | null]>(
      `INSERT INTO epochs (epoch, mailbox, uid_validity) VALUES (?, ?, ?)
       ON CONFLICT (epoch) DO UPDATE SET mailbox = excluded.mailbox, uid_validity = excluded.uid_validity`,
    ),
    newestEpoch: db.prepare<[number, number]>('UPDATE mailboxes SET epoch = max(coalesce(epoch, 0), ?) WHERE mailbox = ?'),
    replaced: db.prepare<[number, number, number]>(
      'UPDATE epochs SET replaced = ? WHERE mailbox = ? AND replaced IS NULL AND epoch < (SELECT epoch FROM mailboxes WHERE mailbox = ?)',
    ),
    closeOldGaps: db.prepare<[number, number]>(
      'DELETE FROM gaps WHERE epoch IN (SELECT epoch FROM epochs WHERE mailbox = ?) AND epoch < (SELECT epoch FROM mailboxes WHERE mailbox = ?)',
    ),
    closeGap: db.prepare<[number, number]>('DELETE FROM gaps WHERE epoch = ? AND uid = ?'),
    closeGaps: db.prepare<[number, number, number]>('DELETE FROM gaps WHERE epoch = ? AND uid BETWEEN ? AND ?'),
    updateGap: db.prepare('UPDATE gaps SET code = ?, tries = ?, at = ?, next_try = ? WHERE epoch = ? AND uid = ?'),
    addGap: db.prepare('INSERT INTO gaps (epoch, uid, code, tries, at, next_try) VALUES (?, ?, ?, ?, ?, ?)'),
    cursor: db.prepare('UPDATE epochs SET on_server = ?, uid_next = ?, modseq = ?, complete = ? WHERE epoch = ?'),
    // Every UID the server listed is placed, or is a gap that says why: this is what capture claims with it.
    complete: db.prepare<[number, number]>('UPDATE epochs SET complete_as_of = ? WHERE epoch = ?'),
    uidl: db.prepare(
      `INSERT INTO pop3_ids (epoch, uid, uidl, octets, head) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (epoch, uid) DO UPDATE SET uidl = excluded.uidl, octets = excluded.octets, head = excluded.head`,
    ),
    captured: db.prepare<[number]>('UPDATE head SET last_capture = ?'),
    proven: db.prepare<[number]>('UPDATE head SET last_proven = max(coalesce(last_proven, 0), ?)'),
    emailId: db.prepare<[string, Buffer]>('INSERT INTO email_ids (email_id, id) VALUES (?, ?) ON CONFLICT (email_id) DO UPDATE SET id = excluded.id'),
  }
}
