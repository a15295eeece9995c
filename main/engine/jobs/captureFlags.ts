/** Flags of messages that are stored already: those that changed become facts. */
import type { Fact } from '../log/facts.ts'
import type { RemoteMessage } from '../mail/types.ts'
import type { Place } from './captureFacts.ts'
import type { Line } from './captureLine.ts'
import type { CaptureRun } from './captureRun.ts'

/** Messages described by one command: some 100 KB of answer. */
const WINDOW = 1000

/** With a MODSEQ, the server names only those that changed since (RFC 7162 3.1.4); without, all are looked at. */
export async function captureFlags(
  { ctx, saver, store, tally }: CaptureRun,
  line: Line,
  { epoch }: Place,
  known: readonly number[],
  since: string | null,
): Promise<void> {
  for (let from = 0; from < known.length; from += WINDOW) {
    await ctx.checkpoint()
    const window = known.slice(from, from + WINDOW)
    const described = await line.run(async session => {
      const messages: RemoteMessage[] = []
      for await (const message of session.describe(window, since ? { changedSince: since } : {})) messages.push(message)
      return messages
    })
    const stored = store.index.placedFlags(
      epoch,
      described.map(({ uid }) => uid),
    )
    const facts: Fact[] = []
    described.forEach(({ uid, flags }, i) => {
      const before = stored[i]
      if (before && !sameFlags(before, flags)) facts.push({ k: 'flags', epoch, uid, flags })
    })
    tally.note('flagsChanged', facts.length)
    await saver.facts(facts)
  }
}

/** Flags have no order and no case (RFC 9051 2.3.2). */
function sameFlags(a: readonly string[], b: readonly string[]): boolean {
  const canonical = (flags: readonly string[]) => [...new Set(flags.map(flag => flag.toLowerCase()))].sort().join(' ')
  return canonical(a) === canonical(b)
}
