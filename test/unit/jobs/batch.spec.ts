/** Which of a window's messages are the newest: a server answers with the oldest first. */
import { expect, test } from 'vitest'
import { systemClock } from '../../../main/engine/base/clock.ts'
import { createBatch } from '../../../main/engine/jobs/capture/batch.ts'
import type { Place } from '../../../main/engine/jobs/capture/facts.ts'
import type { CaptureRun } from '../../../main/engine/jobs/capture/run.ts'
import type { FetchedMessage } from '../../../main/engine/mail/types.ts'

test('the batches that bring the newest say so, wherever in the window they come', async () => {
  const handed: [number, boolean | undefined][] = []
  const saver = { messages: async (bytes: Uint8Array[], _: unknown, more?: { newest?: boolean }) => void handed.push([bytes.length, more?.newest]) }
  const run = { saver, clock: systemClock, tally: { note: () => {} }, ctx: { log: () => {} } } as unknown as CaptureRun
  const batch = createBatch(run, {} as Place, 251)
  for (let uid = 1; uid <= 300; uid++) await batch.add({ uid, size: 9, bytes: new Uint8Array(9) } as FetchedMessage)
  await batch.flush()
  expect(handed).toEqual([
    [100, false],
    [100, false],
    [100, true],
  ])
})
