/** What an index must say, worked out the slow and plain way: arrays, filters, sorts. Shares no code with the index. */
import type { ParsedMessage } from '../../../main/engine/index/types.ts'
import type { FactOf } from '../../../main/engine/log/facts.ts'
import type { Commit } from '../../../main/engine/log/types.ts'

interface ModelMessage {
  id: string
  size: number
  source: 'internal' | 'date' | 'commit'
  second: number
  /** Order among the messages of its second. */
  turn: number
  parsed: ParsedMessage | null
  gone: number | null
}

interface ModelPlacement {
  mailbox: number
  epoch: number
  uid: number
  message: ModelMessage
  flags: string[]
  firstSeen: number
  gone: number | null
  history: boolean
}

export class Model {
  messages: ModelMessage[] = []
  placements: ModelPlacement[] = []
  mailboxes = new Map<number, FactOf<'mailbox'>>()
  /** Mailboxes that the server lists no more, and since when; what was imported it never listed. */
  absent = new Map<number, number>()
  epochs = new Map<
    number,
    { epoch: number; mailbox: number; uidValidity: number | null; cursor: FactOf<'cursor'> | null; completeAsOf: number | null }
  >()
  gaps: { epoch: number; uid: number; code: string; tries: number; at: number; nextTry: number | null }[] = []
  private turns = 0

  apply(commit: Commit, parsed: ReadonlyMap<string, ParsedMessage>): void {
    const before = new Map(this.messages.map(message => [message, this.isLive(message)]))
    for (const fact of commit.facts) {
      if (fact.k === 'mailbox') {
        const known = this.mailboxes.has(fact.mailbox)
        this.mailboxes.set(fact.mailbox, fact)
        if (fact.present) this.absent.delete(fact.mailbox)
        else if (known && !this.absent.has(fact.mailbox)) this.absent.set(fact.mailbox, commit.time)
      }
      if (fact.k === 'epoch') {
        this.epochs.set(fact.epoch, { epoch: fact.epoch, mailbox: fact.mailbox, uidValidity: fact.uidValidity, cursor: null, completeAsOf: null })
        this.gaps = this.gaps.filter(gap => this.epochs.get(gap.epoch)!.mailbox !== fact.mailbox || gap.epoch === fact.epoch)
      }
      if (fact.k === 'placed') this.placed(fact, commit, parsed.get(fact.id) ?? null)
      if (fact.k === 'flags') {
        const there = this.at(fact.epoch, fact.uid)
        if (there) there.flags = fact.flags
      }
      if (fact.k === 'gone')
        for (const part of fact.uids.split(',')) {
          const [from, to = from] = part.split(':').map(Number) as [number, number?]
          const inside = (x: { epoch: number; uid: number }) => x.epoch === fact.epoch && x.uid >= from && x.uid <= to!
          for (const there of this.placements.filter(inside)) there.gone ??= commit.time
          this.gaps = this.gaps.filter(gap => !inside(gap))
        }
      if (fact.k === 'gap') {
        const there = this.at(fact.epoch, fact.uid)
        if (there && there.gone === null) continue
        this.closeGap(fact.epoch, fact.uid)
        this.gaps.push({ epoch: fact.epoch, uid: fact.uid, code: fact.code, tries: fact.tries, at: commit.time, nextTry: fact.nextTry })
      }
      if (fact.k === 'cursor') this.epochs.get(fact.epoch)!.cursor = fact
    }
    for (const fact of commit.facts) if (fact.k === 'cursor' && fact.complete) this.epochs.get(fact.epoch)!.completeAsOf = commit.time
    for (const message of this.messages) {
      const lives = this.isLive(message)
      if (lives) message.gone = null
      else if (before.get(message) !== false || message.gone === null) message.gone = commit.time
    }
  }

  setParsed(id: string, parsed: ParsedMessage): void {
    const message = this.messages.find(m => m.id === id)!
    this.fill(message, parsed)
  }

  private fill(message: ModelMessage, parsed: ParsedMessage): void {
    message.parsed = parsed
    if (message.source === 'internal' || parsed.date === null) return
    const second = Math.floor(parsed.date / 1000)
    if (message.source === 'date' && second === message.second) return
    Object.assign(message, { source: 'date', second, turn: ++this.turns })
  }

  private placed(fact: FactOf<'placed'>, commit: Commit, parsed: ParsedMessage | null): void {
    const mailbox = this.epochs.get(fact.epoch)!.mailbox
    let message = this.messages.find(m => m.id === fact.id)
    if (!message) {
      const source = fact.internalDate !== null ? 'internal' : parsed?.date != null ? 'date' : 'commit'
      const second = Math.floor(fact.internalDate ?? (parsed?.date ?? commit.time) / 1000)
      message = { id: fact.id, size: fact.size, source, second, turn: ++this.turns, parsed, gone: null }
      this.messages.push(message)
    } else if (parsed && !message.parsed) this.fill(message, parsed)
    const there = this.at(fact.epoch, fact.uid)
    const now = { mailbox, epoch: fact.epoch, uid: fact.uid, message, flags: fact.flags, gone: null, history: false }
    if (there) Object.assign(there, now, { firstSeen: there.message === message ? there.firstSeen : commit.time })
    else {
      const candidates = this.placements.filter(p => p.mailbox === mailbox && p.message === message && p.epoch < fact.epoch && !p.history)
      candidates.sort((a, b) => Number(a.gone !== null) - Number(b.gone !== null) || a.epoch - b.epoch || a.uid - b.uid)
      const earlier = candidates[0]
      if (earlier) earlier.history = true
      this.placements.push({ ...now, firstSeen: earlier?.firstSeen ?? commit.time })
    }
    this.closeGap(fact.epoch, fact.uid)
  }

  private closeGap(epoch: number, uid: number): void {
    this.gaps = this.gaps.filter(gap => gap.epoch !== epoch || gap.uid !== uid)
  }

  at(epoch: number, uid: number): ModelPlacement | undefined {
    return this.placements.find(p => p.epoch === epoch && p.uid === uid)
  }

  isLive(message: ModelMessage): boolean {
    return this.placements.some(p => p.message === message && !p.history && this.goneOf(p) === null)
  }

  /** What is placed in a mailbox that the server lists no more is not there. */
  goneOf({ mailbox, gone }: ModelPlacement): number | null {
    return gone ?? this.absent.get(mailbox) ?? null
  }

  /** All messages, newest first. */
  all(): ModelMessage[] {
    return [...this.messages].sort((a, b) => b.second - a.second || b.turn - a.turn)
  }

  /** Placements of a mailbox, newest first. */
  list(mailbox: number): ModelPlacement[] {
    return this.placements
      .filter(p => p.mailbox === mailbox && !p.history)
      .sort((a, b) => b.message.second - a.message.second || b.message.turn - a.message.turn || b.epoch - a.epoch || b.uid - a.uid)
  }

  newestEpoch(mailbox: number) {
    return [...this.epochs.values()].filter(e => e.mailbox === mailbox).sort((a, b) => b.epoch - a.epoch)[0] ?? null
  }

  /** Messages with all of these words, newest first. */
  withWords(words: readonly string[]): ModelMessage[] {
    return this.all().filter(({ parsed }) => {
      if (!parsed?.fts) return false
      const all = `${parsed.fts.subject} ${parsed.fts.sender} ${parsed.fts.body} ${parsed.fts.names}`.split(' ')
      return words.every(word => all.includes(word))
    })
  }
}
