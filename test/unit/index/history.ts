/** Random but repeatable histories of an archive: commits as capture would write them, and stranger ones. */
import { createHash } from 'node:crypto'
import type { ParsedMessage, StoredRecord } from '../../../main/engine/index/types.ts'
import type { Fact } from '../../../main/engine/log/facts.ts'
import type { Commit, RecordId } from '../../../main/engine/log/types.ts'

/** mulberry32: 32 bits of state, the same numbers everywhere. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export const recordId = (name: string): RecordId => createHash('sha256').update(name).digest('hex') as RecordId

/** Unix seconds. Real dates: their row ids need more than 32 bits, and the driver treats those differently. */
const LATELY = 1_700_000_000

const WORDS = 'alpha beta gamma delta report invoice budget meeting offer contract lunch train zebra über naïve 你 好 世 界'.split(' ')

/** What a parser would have said of message n: always the same of the same message. */
export function parsedOf(n: number): ParsedMessage {
  const r = random(n * 7919 + 1)
  const words = (count: number) => Array.from({ length: count }, () => WORDS[Math.floor(r() ** 2 * WORDS.length)]!).join(' ')
  const body = `${words(3 + Math.floor(r() * 12))} n${n}`
  const subject = words(2)
  const dated = r() < 0.8
  return {
    subject,
    from: [{ name: `Person ${n % 17}`, address: `p${n % 17}@example.org` }],
    to: n % 3 ? [{ name: '', address: 'me@example.org' }] : [],
    cc: n % 5 ? [] : [{ name: 'C', address: 'c@example.org' }],
    date: dated ? (LATELY + Math.floor(r() * 40)) * 1000 + 500 : null,
    rfcMessageId: `m${n}@example.org`,
    inReplyTo: n % 4 ? '' : `m${n - 1}@example.org`,
    references: n % 4 ? [] : [`m${n - 2}@example.org`, `m${n - 1}@example.org`],
    attachments: n % 6 ? [] : [{ index: 0, name: `file${n}.pdf`, type: 'application/pdf', size: n, inline: false, cid: null }],
    snippet: body.slice(0, 40),
    fts: { subject, sender: `person ${n % 17}`, addressee: '', copied: '', body, names: n % 6 ? '' : `file${n} pdf`, marks: '' },
    failure: n % 29 === 0 ? 'parse-failed' : null,
  }
}

export const messageId = (n: number): RecordId => recordId(`message ${n}`)

export interface Step {
  commit: Commit
  records: StoredRecord[]
  /** Numbers of the messages whose text was known when the commit was applied. */
  parsed: number[]
}

const FLAGS = [[], ['\\Seen'], ['\\Seen', '\\Answered'], ['\\Flagged'], ['\\Deleted'], ['$Forwarded', '\\seen']]

/** `steps` commits of up to about `size` facts. Dates fall into 60 seconds, so that many messages share one. */
export function history(seed: number, steps = 30, size = 12): Step[] {
  const r = random(seed)
  const int = (n: number) => Math.floor(r() * n)
  const pick = <T>(list: readonly T[]): T => list[int(list.length)]!
  const mailboxes: { mailbox: number; epoch: number; uid: number }[] = []
  const old: { epoch: number; uid: number }[] = []
  let epochs = 0
  let messages = 0
  let offset = 256
  const place = () => {
    offset += 100
    return { segment: 1, offset, length: 100 }
  }
  const out: Step[] = []

  const mailbox = (n: number): Fact => ({
    k: 'mailbox',
    mailbox: n,
    path: n === 1 ? ['INBOX'] : r() < 0.5 ? ['INBOX', `sub ${n}-${int(3)}`] : [`top ${n}-${int(3)}`],
    delimiter: '/',
    raw: `raw ${n}`,
    role: n === 1 ? 'inbox' : null,
    selectable: true,
    subscribed: r() < 0.5,
    present: r() < 0.9,
  })

  for (let seq = 1; seq <= steps; seq++) {
    const facts: Fact[] = []
    const records: StoredRecord[] = []
    const parsed: number[] = []
    if (mailboxes.length === 0 || (r() < 0.15 && mailboxes.length < 5)) {
      const n = mailboxes.length + 1
      mailboxes.push({ mailbox: n, epoch: ++epochs, uid: 1 })
      facts.push(mailbox(n), { k: 'epoch', epoch: epochs, mailbox: n, uidValidity: 1000 + epochs })
    }
    for (let i = int(size); i >= 0; i--) {
      const at = pick(mailboxes)
      const kind = r()
      if (kind < 0.6) {
        const known = messages > 0 && r() < 0.25
        const n = known ? int(messages) + 1 : ++messages
        const again = r() < 0.03 && at.uid > 1
        const uid = again ? 1 + int(at.uid - 1) : at.uid
        if (!again) at.uid += 1 + int(2)
        if (!known) {
          records.push({ id: messageId(n), place: place() })
          if (r() < 0.7) parsed.push(n)
        }
        facts.push({
          k: 'placed',
          epoch: at.epoch,
          uid,
          id: messageId(n),
          size: 100 + (n % 50),
          internalDate: n % 7 === 0 ? null : LATELY + ((n * 13) % 60),
          zone: n % 7 === 0 ? null : 60,
          flags: [...pick(FLAGS)],
          ...(n % 3 === 0 && { emailId: `e${n}` }),
        })
      } else if (kind < 0.72) facts.push({ k: 'flags', epoch: at.epoch, uid: 1 + int(at.uid + 2), flags: [...pick(FLAGS)] })
      else if (kind < 0.8) {
        const from = 1 + int(at.uid)
        const target = old.length > 0 && r() < 0.2 ? pick(old) : at
        facts.push({ k: 'gone', epoch: target.epoch, uids: `${from}:${from + int(4)},${1 + int(at.uid)}` })
      } else if (kind < 0.88)
        facts.push({
          k: 'gap',
          epoch: at.epoch,
          uid: 1 + int(at.uid + 3),
          code: 'message-unavailable',
          tries: 1 + int(3),
          nextTry: r() < 0.5 ? null : 99,
        })
      else if (kind < 0.95)
        facts.push({
          k: 'cursor',
          epoch: at.epoch,
          exists: at.uid,
          uidNext: at.uid + 1,
          modseq: r() < 0.5 ? null : '12345678901234567890',
          complete: r() < 0.6,
        })
      else if (kind < 0.97) facts.push(mailbox(at.mailbox))
      else if (kind < 0.985) {
        old.push({ epoch: at.epoch, uid: at.uid })
        at.epoch = ++epochs
        at.uid = 1
        facts.push({ k: 'epoch', epoch: epochs, mailbox: at.mailbox, uidValidity: 1000 + epochs })
      } else if (kind < 0.993) facts.push({ k: 'proven', at: LATELY * 1000 + int(1_000_000) })
      else facts.push({ k: 'exported', job: 'j', messages: 3, format: 'eml' })
    }
    out.push({ commit: { id: recordId(`commit ${seed} ${seq}`), seq, time: LATELY * 1000 + seq * 1000, facts, place: place() }, records, parsed })
  }
  return out
}

/** The number of a message from the words of its body. */
export const numberOf = (id: RecordId, upTo = 5000): number => {
  for (let n = 1; n <= upTo; n++) if (messageId(n) === id) return n
  throw new Error('no such message')
}
