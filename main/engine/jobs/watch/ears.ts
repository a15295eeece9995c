/**
 * The connections of one watch. Between two rounds each listens to a mailbox by IDLE; a round takes them as its own, so that it need not log
 * in again, and gives them back. What was missed while a connection was away is seen when it opens its mailbox again.
 */
import { AppError } from '../../../contract/errors.ts'
import type { Clock } from '../../base/clock.ts'
import type { Connect, ConnectOptions, Examined, ImapSession, RemoteMailbox } from '../../mail/types.ts'

export interface EarsDeps {
  connect: Connect
  clock: Clock
  /** At most so many connections, where fewer are wanted than usual. */
  most?: number
  /** Of the watch: with it all connections end. */
  signal: AbortSignal
  log(line: string): void
  /** Something changed in this mailbox, or may have. */
  onNotice(mailbox: string): void
  /** A connection that listened is gone, after so many ms. */
  onLost(stood: number): void
  /** How many mailboxes are being listened to from now on. */
  onListening(mailboxes: number): void
}

export interface Ears {
  /** For a round: a connection that is there already, else a new one. `close` gives it back. */
  connect: Connect
  /** From now on listen to these mailboxes, the most important first, as far as the server allows. Returns at once. */
  listen(mailboxes: readonly string[]): void
  /**
   * For the round that begins: mailboxes other than these (null: none) are taken to be as they were seen last, where the server does not tell
   * their state with the listing and would have to be asked for each of them. `any`: at least one was.
   */
  assume(noticed: ReadonlySet<string> | null): { readonly any: boolean }
  /** The server tells of changes by itself; null before anybody connected. */
  readonly canListen: boolean | null
  /** No connection is trusted any more: the computer slept, or the network is another. */
  drop(): void
  close(): Promise<void>
}

/** As many connections as a first capture makes, at most; small hosts allow 4 for a person's address, and the person reads mail, too. */
const MOST_EARS = 3
/** What a server refused (another connection, listening to a mailbox) is asked for again after this. */
const REFUSED_FOR_MS = 60 * 60_000

interface Ear {
  session: ImapSession
  /** Ends the connection at once. */
  end: AbortController
  lent: boolean
  hearing: { mailbox: string; stop: AbortController; since: number; ended: Promise<void> } | null
}

export function createEars({ connect, clock, most = MOST_EARS, signal, log, onNotice, onLost, onListening }: EarsDeps): Ears {
  const mostEars = Math.min(MOST_EARS, most)
  const ears = new Set<Ear>()
  /** What a listing or an EXAMINE said last. */
  const seen = new Map<string, Examined>()
  let assumption: { noticed: ReadonlySet<string> | null; any: boolean } = { noticed: null, any: false }
  /** Mailboxes the server does not let us listen to, until when they are not asked for. */
  const deaf = new Map<string, number>()
  let options: ConnectOptions | null = null
  let canListen: boolean | null = null
  let fewerUntil = 0
  let wanted: readonly string[] = []
  let opening = false
  const over = new AbortController()

  const drop = (ear: Ear) => {
    ears.delete(ear)
    ear.hearing?.stop.abort()
    ear.end.abort(new AppError('connection-lost', 'given up'))
  }

  const open = async (): Promise<Ear> => {
    if (!options) throw new AppError('internal', 'no round has connected yet')
    const end = new AbortController()
    const session = await connect({ ...options, signal: AbortSignal.any([signal, over.signal, end.signal]) })
    const ear: Ear = { session, end, lent: true, hearing: null }
    ears.add(ear)
    canListen = session.capabilities.has('IDLE')
    return ear
  }

  /** One that waits. One that does not wake up ends all: the network may have changed under them. */
  const wake = async (): Promise<Ear | null> => {
    for (const ear of [...ears]) {
      if (ear.lent || !ears.has(ear)) continue
      if (!ear.session.usable) {
        drop(ear)
        continue
      }
      ear.lent = true
      ear.hearing?.stop.abort()
      try {
        // The mailbox may still be being opened, by a server that has fallen silent over it.
        await soon(
          clock,
          Promise.resolve(ear.hearing?.ended).then(() => ear.session.leave()),
        )
        ear.hearing = null
        return ear
      } catch {
        // Why does not matter: whoever asked gets another connection, and that one tells whether the server is there.
        drop(ear)
        for (const other of [...ears]) if (!other.lent) drop(other)
      }
    }
    return null
  }

  /** Also those a round has now: what it waits for from them ends as a lost connection, and it makes another. */
  const closeAll = async () => {
    const all = [...ears]
    ears.clear()
    for (const { hearing } of all) hearing?.stop.abort()
    await Promise.all(all.map(({ session }) => session.close()))
  }

  const giveBack = async (ear: Ear) => {
    if (!ears.has(ear)) return
    ear.lent = false
    if (ear.session.usable && ears.size <= mostEars && !signal.aborted) return
    ears.delete(ear)
    await ear.session.close()
  }

  const lend = (ear: Ear, until: AbortSignal | undefined): ImapSession => {
    // A round that is cut short wants its connections to stop at once; one that has given them back has no say any more.
    let back = false
    const onCut = () => {
      if (!back) drop(ear)
    }
    until?.addEventListener('abort', onCut, { once: true })
    const { session } = ear
    const own: Pick<ImapSession, 'list' | 'examine' | 'close'> = {
      list: async options => {
        const listed = await session.list(options)
        for (const { raw, status } of listed) if (status) seen.set(raw, status)
        return listed.map(asSeen)
      },
      examine: async (raw, since) => {
        const { changes, ...examined } = await session.examine(raw, since)
        seen.set(raw, examined)
        return changes ? { ...examined, changes } : examined
      },
      close: async () => {
        if (back) return
        back = true
        until?.removeEventListener('abort', onCut)
        await giveBack(ear)
      },
    }
    return Object.setPrototypeOf(own, session) as ImapSession
  }

  const asSeen = (mailbox: RemoteMailbox): RemoteMailbox => {
    const status = seen.get(mailbox.raw)
    if (mailbox.status || !status || !assumption.noticed || assumption.noticed.has(mailbox.raw)) return mailbox
    assumption.any = true
    return { ...mailbox, status, assumed: true }
  }

  const tellListening = () => onListening([...ears].filter(({ hearing }) => hearing).length)

  const hear = (ear: Ear, mailbox: string) => {
    const stop = new AbortController()
    const ended = (async () => {
      const before = seen.get(mailbox)
      const examined = await ear.session.examine(mailbox)
      if (before && differs(before, examined)) onNotice(mailbox)
      await ear.session.idle({ signal: stop.signal, clock, onChange: () => onNotice(mailbox) })
    })()
    const hearing = { mailbox, stop, since: clock.now(), ended }
    ear.hearing = hearing
    tellListening()
    ended.catch(error => {
      if (stop.signal.aborted || ear.hearing !== hearing) return // told to whoever woke it
      ear.hearing = null
      tellListening()
      log(`listening ended: ${error instanceof AppError ? error.code : String(error)}`)
      if (ear.session.usable) {
        deaf.set(mailbox, clock.now() + REFUSED_FOR_MS)
        fill()
        return
      }
      drop(ear)
      onLost(clock.now() - hearing.since)
    })
  }

  /** Gives each wanted mailbox an ear, opening connections where there are not enough. */
  const fill = () => {
    if (canListen !== true || signal.aborted || over.signal.aborted) return
    const open = () => [...ears].filter(ear => !ear.lent)
    const possible = wanted.filter(mailbox => (deaf.get(mailbox) ?? 0) <= clock.now()).slice(0, mostEars)
    const heard = new Set(open().flatMap(({ hearing }) => (hearing ? [hearing.mailbox] : [])))
    const free = open().filter(({ hearing }) => !hearing)
    for (const mailbox of possible) {
      if (heard.has(mailbox)) continue
      const ear = free.shift()
      if (!ear) break
      hear(ear, mailbox)
      heard.add(mailbox)
    }
    const idle = possible.length - possible.filter(mailbox => heard.has(mailbox)).length
    const astray = open().find(({ hearing }) => hearing && !possible.includes(hearing.mailbox))
    if (idle > 0 && astray) return void retune(astray)
    if (heard.size < possible.length && ears.size < mostEars && clock.now() >= fewerUntil) void openAnother()
  }

  /** It listens to what is no longer wanted. */
  const retune = async (ear: Ear) => {
    ear.lent = true
    try {
      ear.hearing?.stop.abort()
      await ear.hearing?.ended
      ear.hearing = null
      await giveBack(ear)
    } catch {
      drop(ear) // the next round finds out whether the server is there
      return
    }
    fill()
  }

  const openAnother = async () => {
    if (opening) return
    opening = true
    try {
      await giveBack(await open())
    } catch (error) {
      if (signal.aborted || over.signal.aborted) return
      log(`no further connection to listen with: ${error instanceof AppError ? error.code : String(error)}`)
      fewerUntil = clock.now() + REFUSED_FOR_MS
    } finally {
      opening = false
    }
    fill()
  }

  return {
    connect: async given => {
      options = given
      const ear = (await wake()) ?? (await open())
      // The round is over before it had its connection: the next one will want it.
      if (given.signal?.aborted) await giveBack(ear)
      given.signal?.throwIfAborted()
      return lend(ear, given.signal)
    },
    listen: mailboxes => {
      wanted = mailboxes
      fill()
    },
    assume: noticed => {
      assumption = { noticed, any: false }
      return assumption
    },
    get canListen() {
      return canListen
    },
    drop: () => {
      fewerUntil = 0
      void closeAll()
    },
    close: async () => {
      await closeAll()
      over.abort()
    },
  }
}

/** From a line of ours to its answer, over a connection that was not used for a while. */
const PATIENCE_MS = 10_000

async function soon(clock: Clock, answer: Promise<void>): Promise<void> {
  const over = new AbortController()
  const late = clock.sleep(PATIENCE_MS, over.signal).then(() => {
    throw new AppError('connection-lost', 'no answer over a connection that was kept')
  })
  try {
    await Promise.race([answer, late])
  } finally {
    answer.catch(() => {}) // whoever came too late is not heard
    late.catch(() => {})
    over.abort()
  }
}

/** Not the MODSEQ: some servers say another one in a listing than on opening, and would never come to rest. Flags have the notices and the poll. */
function differs(one: Examined, other: Examined): boolean {
  return one.uidValidity !== other.uidValidity || one.uidNext !== other.uidNext || one.exists !== other.exists
}
