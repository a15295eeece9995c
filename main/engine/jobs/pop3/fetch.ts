/** Messages to be fetched, newest first, in windows: each is stored only after it was seen that the numbers still mean what they meant when they were listed. */
import { AppError } from '../../../contract/errors.ts'
import type { Fact } from '../../log/facts.ts'
import type { Listed, Maildrop, Pop3Session, Retrieved } from '../../mail/pop3/types.ts'
import { gapFact, noteSize } from '../capture/facts.ts'
import type { Prepared } from '../pool/types.ts'
import { ANSWER_BYTES } from '../traffic/politeConnect.ts'
import type { Claims } from './claims.ts'
import { isWhole } from './evidence.ts'
import { pop3Placed, sameFacts, uidlFact } from './facts.ts'
import { markOf } from './head.ts'
import { type Had, LARGE, receive } from './retrieve.ts'
import { type Drop, keyOf, LIST_CHANGED, MOST_UNPROVEN, type Pop3Run } from './run.ts'

/** A message to be had, and the UID it will have unless it turns out to be one that we have. */
export interface Wanted {
  listed: Listed
  uid: number
}

export interface Fetching {
  run: Pop3Run
  session: Pop3Session
  drop: Drop
  listing: Maildrop
  claims: Claims
  /** Listed, and could not be had. */
  gaps: Listed[]
}

const MOST_WINDOW = 100
const MOST_BYTES = 4 * 1024 * 1024
/** A window takes about this long, so that new mail is durable soon on a slow line, too. */
const WINDOW_MS = 1000
const MOST_BREAKS = 2
const MOST_REFUSED = 25
const MOST_BROKEN = 3

/** Fetches and hands to the saver. Throws when the session has to be given up; then what was not handed over is listed again in the next. */
export async function fetchWanted(fetching: Fetching, wanted: readonly Wanted[]): Promise<void> {
  const { run } = fetching
  const { reading, ctx, clock } = run
  const left = [...wanted].sort((a, b) => a.listed.number - b.listed.number)
  while (left.length > 0) {
    await ctx.checkpoint()
    const window = nextWindow(left, reading.window, Math.min(MOST_BYTES, run.room?.() ?? MOST_BYTES))
    const began = clock.now()
    await fetchWindow(fetching, window)
    const took = clock.now() - began
    if (took < WINDOW_MS / 2) reading.window = Math.min(MOST_WINDOW, reading.window * 2)
    else if (took > WINDOW_MS * 2) reading.window = Math.max(1, reading.window >> 1)
  }
}

/** From the end: the newest. A large message goes alone. */
function nextWindow(left: Wanted[], most: number, mostBytes: number): Wanted[] {
  const window: Wanted[] = []
  let bytes = 0
  while (left.length > 0 && window.length < most) {
    const octets = left.at(-1)!.listed.octets ?? LARGE
    if (window.length > 0 && (bytes + octets + ANSWER_BYTES > mostBytes || octets >= LARGE)) break
    bytes += octets + ANSWER_BYTES
    window.push(left.pop()!)
  }
  return window
}

interface Result {
  wanted: Wanted
  had: Had
}

async function fetchWindow(fetching: Fetching, window: Wanted[]): Promise<void> {
  const { reading } = fetching.run
  const [broken, sound] = partition(window, ({ listed }) => (reading.breaks.get(keyOf(listed)) ?? 0) >= MOST_BREAKS)
  const refused: { wanted: Wanted; error: AppError }[] = broken.map(wanted => ({
    wanted,
    error: unavailable(wanted, 'the connection breaks over this message'),
  }))
  const results: Result[] = []
  const { how } = reading
  // TOP may be what it breaks over: the second try is RETR.
  const [again, gently] = how === 'TOP' ? partition(sound, ({ listed }) => reading.breaks.has(keyOf(listed))) : [[], sound]
  const refusedTop = new Set<Wanted>()
  reading.current = sound.length === 1 ? keyOf(sound[0]!.listed) : null
  await each(fetching, gently, how, async (wanted, answer) => {
    if ('refused' in answer) {
      if (how === 'TOP') refusedTop.add(wanted)
      if (how === 'TOP') again.push(wanted)
      else refused.push({ wanted, error: answer.refused })
      return
    }
    const had = await receive(fetching.run.store, answer)
    if (how === 'RETR' || isWhole(wanted.listed.octets, had)) results.push({ wanted, had })
    else again.push(wanted)
  })
  if (again.length > 0) {
    await each(fetching, again, 'RETR', async (wanted, answer) => {
      if ('refused' in answer) refused.push({ wanted, error: answer.refused })
      else results.push({ wanted, had: await receive(fetching.run.store, answer) })
      // What is refused either way says nothing about TOP.
      if (!('refused' in answer) || !refusedTop.has(wanted)) reading.unproven++
    })
    if (reading.unproven >= MOST_UNPROVEN) reading.how = 'RETR'
  }
  reading.current = null
  if (sound.length > 0) await sameNumbers(fetching, sound)
  await save(fetching, results)
  if (results.length > 0) reading.refusedInARow = 0
  for (const { wanted, error } of refused) await nameGap(fetching, wanted, error)
  fetching.run.tally.progressed()
}

async function each(
  { session }: Fetching,
  wanted: readonly Wanted[],
  how: 'TOP' | 'RETR',
  take: (wanted: Wanted, answer: Retrieved) => Promise<void>,
): Promise<void> {
  const numbers = wanted.map(({ listed }) => listed.number)
  let at = 0
  for await (const answer of session.retrieve(numbers, how)) await take(wanted[at++]!, answer)
}

/**
 * RFC 1939 section 3: the maildrop is locked, and numbers do not change within a session. Where a server lets it change all the same, the highest number
 * of a window has another UIDL afterwards (or there are other sums), and nothing of the window is stored: it might go under another message's name.
 */
async function sameNumbers({ session, listing }: Fetching, window: readonly Wanted[]): Promise<void> {
  const highest = window.reduce((most, { listed }) => (listed.number > most.number ? listed : most), window[0]!.listed)
  const uidl = highest.uidl === null ? null : await session.uidlOf(highest.number)
  if (uidl !== null && uidl === highest.uidl) return
  const { count, octets } = await session.stat()
  // No UIDL for this one, or a server that gives them only all at once.
  if (uidl === null && count === listing.stat.count && octets === listing.stat.octets) return
  throw new AppError('server-lied', 'the maildrop changed while it was read', { facts: { reason: LIST_CHANGED } })
}

async function save(fetching: Fetching, results: readonly Result[]): Promise<void> {
  const { run, drop, claims } = fetching
  for (const { wanted, had } of results) if (wanted.listed.octets !== null) noteSize(run, wanted.listed.octets, had.length)
  const small = results.filter(({ had }) => had.bytes !== null)
  const bytes = small.map(({ had }) => had.bytes!)
  // The bytes are the pool's from here on.
  const factsFor = ({ wanted, had }: Result, prepared: Prepared): Fact[] => [
    uidlFact(drop, wanted.uid, wanted.listed, markOf(run.headKey, had.head)),
    pop3Placed(drop, wanted.uid, prepared),
  ]
  if (claims.size === 0) {
    if (small.length > 0) await run.saver.messages(bytes, prepared => small.flatMap((result, i) => factsFor(result, prepared[i]!)))
  } else await settle(fetching, small, await run.store.pool.prepare(bytes), factsFor)
  for (const result of results) if (result.had.prepared) await settle(fetching, [result], [result.had.prepared], factsFor)
}

/** Some of them may be messages that we have, under another name: those are not new, and nothing of them is stored. */
async function settle(
  { run, drop, claims }: Fetching,
  results: readonly Result[],
  prepared: readonly Prepared[],
  factsFor: (result: Result, prepared: Prepared) => Fact[],
): Promise<void> {
  const fresh: Prepared[] = []
  const facts: Fact[] = []
  results.forEach((result, i) => {
    const row = claims.byId(prepared[i]!.id)
    if (row) {
      facts.push(...sameFacts(drop, { listed: result.wanted.listed, row }, markOf(run.headKey, result.had.head)))
      run.tally.expect(-1)
    } else {
      fresh.push(prepared[i]!)
      facts.push(...factsFor(result, prepared[i]!))
    }
  })
  await run.saver.facts(facts, fresh)
}

async function nameGap({ run, drop, gaps }: Fetching, { listed, uid }: Wanted, error: AppError): Promise<void> {
  gaps.push(listed)
  // Every message refused, or every one a broken connection: no ledger of thousands of gaps, but one error.
  const broke = (run.reading.breaks.get(keyOf(listed)) ?? 0) >= MOST_BREAKS
  if (++run.reading.refusedInARow > (broke ? MOST_BROKEN : MOST_REFUSED)) throw error
  await run.saver.facts([uidlFact(drop, uid, listed, null), gapFact(run, drop, { uid, error })])
}

const unavailable = ({ uid }: Wanted, message: string) => new AppError('message-unavailable', message, { facts: { uid } })

/** Are these the messages that we take them for? By their bytes; nothing is stored. One that is not there, or too large to look at, says nothing. */
export async function sameBytes(
  { run, session }: Pick<Fetching, 'run' | 'session'>,
  pairs: readonly { listed: Listed; row: { id: string | null } }[],
): Promise<boolean> {
  const small = pairs.filter(({ listed }) => (listed.octets ?? LARGE) < LARGE)
  const had: { bytes: Uint8Array; id: string | null }[] = []
  let at = 0
  for await (const answer of session.retrieve(
    small.map(({ listed }) => listed.number),
    run.reading.how,
  )) {
    const pair = small[at++]!
    if ('refused' in answer) continue
    const { bytes } = await receive(run.store, answer)
    if (bytes) had.push({ bytes, id: pair.row.id })
  }
  const prepared = await run.store.pool.prepare(had.map(({ bytes }) => bytes))
  return prepared.every(({ id }, i) => id === had[i]!.id)
}

function partition<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  return [items.filter(belongs), items.filter(item => !belongs(item))]
}
