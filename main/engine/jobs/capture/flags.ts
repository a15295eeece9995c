/** Flags of messages that are stored already: those that changed become facts. */
import type { FactOf } from '../../log/facts.ts'
import type { RemoteMessage } from '../../mail/types.ts'
import type { FlagSource } from './changes.ts'
import type { Place } from './facts.ts'
import type { Line } from './line.ts'
import type { CaptureRun } from './run.ts'

/** Messages described by one command: some 100 KB of answer. */
const WINDOW = 1000

type Said = Pick<RemoteMessage, 'uid' | 'flags'>

/** `known`: ascending. False when a message is not the one that was captured under its UID; then nothing that is known of this epoch holds. */
export async function captureFlags(run: CaptureRun, line: Line, place: Place, known: readonly number[], source: FlagSource): Promise<boolean> {
  if (known.length === 0) return true
  if (source === 'all') return await compareAll(run, line, place, known)
  const lastUid = known.at(-1)!
  // May be begun again after a loss: what was written then is no change any more, or is written twice.
  if ('told' in source)
    await save(
      run,
      place,
      [...source.told].filter(([uid]) => uid <= lastUid).map(([uid, flags]) => ({ uid, flags: [...flags] })),
    )
  else
    await line.run(async session => {
      let window: Said[] = []
      for await (const said of session.flagsSince(source.since, lastUid)) {
        window.push(said)
        if (window.length < WINDOW) continue
        await save(run, place, window)
        window = []
      }
      await save(run, place, window)
    })
  return true
}

async function compareAll(run: CaptureRun, line: Line, place: Place, known: readonly number[]): Promise<boolean> {
  for (let from = 0; from < known.length; from += WINDOW) {
    await run.ctx.checkpoint()
    const window = known.slice(from, from + WINDOW)
    const described = await line.run(async session => {
      const messages: RemoteMessage[] = []
      for await (const message of session.describe(window)) messages.push(message)
      return messages
    })
    if (!areTheSame(run, place, described)) return false
    await save(run, place, described)
  }
  return true
}

/** RFC 9051 2.3.1.2 and 2.3.3: of one UID, neither INTERNALDATE nor size ever changes. Only INTERNALDATE is sure: some servers state wrong sizes now and then. */
function areTheSame({ store }: CaptureRun, { epoch }: Place, described: readonly RemoteMessage[]): boolean {
  if (described.length === 0) return true
  const uids = described.map(({ uid }) => uid)
  const marks = new Map(store.index.placedMarks(epoch, Math.min(...uids), Math.max(...uids)).map(mark => [mark.uid, mark]))
  return described.every(({ uid, internalDate }) => {
    const mark = marks.get(uid)
    return !mark || mark.internalDate === null || internalDate === null || mark.internalDate === internalDate
  })
}

async function save({ store, saver, tally }: CaptureRun, { epoch }: Place, said: readonly Said[]): Promise<void> {
  const stored = store.index.placedFlags(
    epoch,
    said.map(({ uid }) => uid),
  )
  const facts: FactOf<'flags'>[] = []
  said.forEach(({ uid, flags }, i) => {
    const before = stored[i]
    if (before && !sameFlags(before, flags)) facts.push({ k: 'flags', epoch, uid, flags })
  })
  tally.note('flagsChanged', facts.length)
  await saver.facts(facts)
}

/** Flags have no order and no case (RFC 9051 2.3.2). */
function sameFlags(a: readonly string[], b: readonly string[]): boolean {
  const canonical = (flags: readonly string[]) => [...new Set(flags.map(flag => flag.toLowerCase()))].sort().join(' ')
  return canonical(a) === canonical(b)
}
