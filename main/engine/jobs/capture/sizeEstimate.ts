/** How many bytes are to come, where a day's budget makes that the question of how many days it takes. */
import type { Line } from './line.ts'
import type { CaptureRun } from './run.ts'

/**
 * Asks the server for the sizes of everything that is going to be fetched from the mailbox, some hundred bytes for each message, so that the time left is
 * known from the first minute. Only where days are counted: elsewhere it would cost more than it tells.
 */
export async function expectBytes(run: CaptureRun, line: Line, uids: readonly number[]): Promise<void> {
  if (!run.terms?.countsDays || uids.length === 0) return
  const bytes = await line.run(async session => {
    let sum = 0
    for await (const { size } of session.describe(uids)) sum += size
    return sum
  })
  run.tally.sized(uids.length, bytes)
}
