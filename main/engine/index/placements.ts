/** Placements, and everything that counts them: mailbox counters, lists, and whether a message still lives on the server. */
import type { WriteDb } from './connection.ts'
import type { Orders } from './orders.ts'
import { epochOf } from './rows.ts'
import { ALL, type Stretches } from './stretches.ts'

export interface Placement {
  placement: number
  mailbox: number
  row: number
  flags: number
  seen: boolean
  internalDate: number | null
  zone: number | null
  firstSeen: number
  gone: number | null
  shown: boolean
}

export interface Counts {
  messages: number
  unread: number
  gone: number
  gaps: number
}

export interface Placements {
  get(placement: number): Placement | null
  /** Those of an epoch with UIDs in this range that are not gone. */
  liveBetween(from: number, to: number): Placement[]
  /** A placement of this message in this mailbox that is listed and belongs to an earlier epoch. */
  earlier(mailbox: number, row: number, before: number): Placement | null
  /** `freshMessage`: the message row was made for this placement, and counts it already. */
  save(before: Placement | null, after: Placement, freshMessage?: boolean): void
  /** The message got another row in the middle of a commit. */
  moved(from: number, to: number): void
  countGap(mailbox: number, by: number): void
  /** The server lists the mailbox no more, or again: none of its messages is on the server there, or all are that are not gone. */
  presence(mailbox: number, absent: boolean): void
  /** Writes counters and the messages' own "gone"; `time` is the commit's. */
  write(time: number): void
  forget(): void
}

interface Stored extends Omit<Placement, 'seen' | 'shown' | 'internalDate' | 'firstSeen'> {
  seen: number
  shown: number
  internal_date: number | null
  first_seen: number
}

const columns = 'p.placement, p.mailbox, p.row, p.flags, l.seen, p.internal_date, p.zone, p.first_seen, p.gone, p.shown'

export function createPlacements(db: WriteDb, stretches: Stretches, orders: Orders): Placements {
  const read = db.prepare<[number], Stored>(`SELECT ${columns} FROM placements p JOIN flag_lists l ON l.flags = p.flags WHERE p.placement = ?`)
  const range = db.prepare<[number, number], Stored>(
    `SELECT ${columns} FROM placements p JOIN flag_lists l ON l.flags = p.flags WHERE p.placement BETWEEN ? AND ? AND p.gone IS NULL`,
  )
  const older = db.prepare<[number, number, number], Stored>(
    `SELECT ${columns} FROM placements p JOIN flag_lists l ON l.flags = p.flags
     WHERE p.mailbox = ? AND p.row = ? AND p.shown = 1 AND p.placement < ? ORDER BY p.gone IS NOT NULL, p.placement LIMIT 1`,
  )
  const insert = db.prepare(
    `INSERT INTO placements (placement, mailbox, row, flags, internal_date, zone, first_seen, gone, shown) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const update = db.prepare(
    'UPDATE placements SET mailbox = ?, row = ?, flags = ?, internal_date = ?, zone = ?, first_seen = ?, gone = ?, shown = ? WHERE placement = ?',
  )
  const addCounts = db.prepare(
    'UPDATE mailboxes SET messages = messages + ?, unread = unread + ?, gone = gone + ?, gaps = gaps + ? WHERE mailbox = ?',
  )
  const addToEpoch = db.prepare<[number, number]>('UPDATE epochs SET live = live + ? WHERE epoch = ?')
  const addLive = db.prepare('UPDATE messages SET live = live + ?, gone = CASE WHEN live + ? > 0 THEN NULL ELSE coalesce(gone, ?) END WHERE row = ?')

  const absentNow = db.prepare<[], number>('SELECT mailbox FROM mailboxes WHERE absent_since IS NOT NULL').pluck()
  const rowsIn = db.prepare<[number], number>('SELECT row FROM placements WHERE mailbox = ? AND shown = 1 AND gone IS NULL').pluck()
  /** Mailboxes that the server does not list any more. */
  let absent: Set<number> | null = null
  const isAbsent = (mailbox: number) => {
    absent ??= new Set(absentNow.all())
    return absent.has(mailbox)
  }

  let counts = new Map<number, Counts>()
  let live = new Map<number, number>()
  let ofEpoch = new Map<number, number>()

  const countsOf = (mailbox: number): Counts => {
    let found = counts.get(mailbox)
    if (!found) {
      found = { messages: 0, unread: 0, gone: 0, gaps: 0 }
      counts.set(mailbox, found)
    }
    return found
  }

  const addTo = (row: number, by: number) => {
    if (by !== 0) live.set(row, (live.get(row) ?? 0) + by)
  }

  const count = (placement: Placement, by: 1 | -1, freshMessage: boolean) => {
    if (!placement.shown) return
    const mailbox = countsOf(placement.mailbox)
    mailbox.messages += by
    if (placement.gone !== null) mailbox.gone += by
    else {
      if (!placement.seen) mailbox.unread += by
      const epoch = epochOf(placement.placement)
      ofEpoch.set(epoch, (ofEpoch.get(epoch) ?? 0) + by)
      const there = isAbsent(placement.mailbox) ? 0 : by
      addTo(placement.row, freshMessage ? there - 1 : there)
    }
  }

  const list = (before: Placement | null, after: Placement) => {
    const wasListed = before?.shown && before.mailbox !== ALL
    const isListed = after.shown && after.mailbox !== ALL
    if (wasListed && isListed && before.row === after.row && before.mailbox === after.mailbox) return
    if (wasListed) {
      stretches.remove(before.mailbox, before.row)
      orders.remove(before.mailbox, before.row, before.placement)
    }
    if (isListed) {
      stretches.add(after.mailbox, after.row)
      orders.add(after.mailbox, after.row, after.placement)
    }
  }

  return {
    get: placement => from(read.get(placement)),
    liveBetween: (first, last) => range.all(first, last).map(row => from(row)!),
    earlier: (mailbox, row, before) => from(older.get(mailbox, row, before)),
    save: (before, after, freshMessage = false) => {
      const { placement, mailbox, row, flags, internalDate, zone, firstSeen, gone, shown } = after
      const values = [mailbox, row, flags, internalDate, zone, firstSeen, gone, shown ? 1 : 0]
      if (before) update.run(...values, placement)
      else insert.run(placement, ...values)
      if (before) count(before, -1, false)
      count(after, 1, freshMessage)
      list(before, after)
    },
    moved: (from, to) => {
      const by = live.get(from)
      if (by === undefined || from === to) return
      live.delete(from)
      live.set(to, by)
    },
    countGap: (mailbox, by) => {
      countsOf(mailbox).gaps += by
    },
    presence: (mailbox, away) => {
      if (isAbsent(mailbox) === away) return
      if (away) absent!.add(mailbox)
      else absent!.delete(mailbox)
      for (const row of rowsIn.all(mailbox)) addTo(row, away ? -1 : 1)
    },
    write: time => {
      for (const [mailbox, { messages, unread, gone, gaps }] of counts)
        if (messages || unread || gone || gaps) addCounts.run(messages, unread, gone, gaps, mailbox)
      for (const [epoch, by] of ofEpoch) if (by !== 0) addToEpoch.run(by, epoch)
      for (const [row, by] of live) if (by !== 0) addLive.run(by, by, time, row)
      counts = new Map()
      live = new Map()
      ofEpoch = new Map()
    },
    forget: () => {
      absent = null
      counts = new Map()
      live = new Map()
      ofEpoch = new Map()
    },
  }
}

function from(stored: Stored | undefined): Placement | null {
  if (!stored) return null
  const { seen, shown, internal_date: internalDate, first_seen: firstSeen, ...rest } = stored
  return { ...rest, seen: seen === 1, shown: shown === 1, internalDate, firstSeen }
}
