/** The archives of the profile. */
import { usualRules } from '../../contract/captureRules.ts'
import { isFrozen } from '../../contract/losses.ts'
import type { ArchiveStatus } from '../../contract/types.ts'
import type { OpenArchive } from '../archive/openArchive.ts'
import type { Archives } from '../archives.ts'
import type { EngineContext } from '../context.ts'
import { leavesOut } from '../jobs/selection.ts'
import type { CallAnswers, WatchAnswers } from '../serve.ts'

type ArchiveCalls = Exclude<
  Extract<keyof CallAnswers, `archive.${string}`>,
  'archive.losses' | 'archive.unreadAttachments' | 'archive.answerLoss' | 'archive.retryGaps' | 'archive.week'
>

export function archiveCalls({ archives, watches }: EngineContext): Pick<CallAnswers, ArchiveCalls> {
  return {
    'archive.create': input => archives.create(input),
    'archive.open': async input => {
      const opened = await archives.adopt(input)
      await watches.startWanted()
      return opened
    },
    'archive.confirmRecovery': ({ archive, code }) => archives.confirmRecovery(archive, code),
    'archive.takeOver': ({ archive }) => archives.takeOver(archive),
    'archive.rename': ({ archive, name }) => archives.rename(archive, name),
    'archive.close': async ({ archive }) => {
      await archives.forget(archive)
      return {}
    },
    'archive.watch': async ({ archive, on }) => {
      const changed = await archives.setWatch(archive, on)
      await (on ? watches.startWanted() : watches.stop(archive))
      return changed
    },
    'archive.status': async ({ archive }, { signal }): Promise<ArchiveStatus> => {
      const open = await archives.open(archive)
      const { mailboxes, ...numbers } = await open.ask('status', [], signal)
      const losses = (await open.ask('losses', ['open'], signal)).map(loss => ({ archive, ...loss }))
      const summary = await archives.summary(archive)
      const leftOut = await leftOutOf(archives, open, signal)
      return {
        archive: summary,
        ...numbers,
        mailboxCount: mailboxes.length,
        logBytes: await open.log.size(),
        slots: await archives.slots(archive),
        losses,
        frozen: isFrozen(losses),
        mailboxes: mailboxes.map(mailbox =>
          leftOut.has(mailbox.id) ? { ...mailbox, leftOut: true } : { ...mailbox, completeAsOf: asOf(mailbox, summary.lastProven) },
        ),
      }
    },
  }
}

/** The mailboxes that the person's rules leave out. */
async function leftOutOf({ care }: Archives, open: OpenArchive, signal: AbortSignal): Promise<ReadonlySet<number>> {
  const { rules } = await care(open.id)
  if (!rules.leaveOutRoles?.length && !rules.leaveOutNames?.length && !rules.onlySubscribed) return new Set()
  const out = leavesOut({ ...usualRules, ...rules })
  return new Set((await open.ask('mailboxes', [], signal)).filter(out).map(({ id }) => id))
}

/** A look that found nothing new in a mailbox writes nothing about it; that it was looked at is known of all of them together. */
function asOf({ completeAsOf, present, gapCount, missing }: ArchiveStatus['mailboxes'][number], lastProven: number | null): number | null {
  if (completeAsOf === null || lastProven === null || !present || gapCount + missing > 0) return completeAsOf
  return Math.max(completeAsOf, lastProven)
}

export function archiveWatches({ archives, profiles }: EngineContext): Pick<WatchAnswers, 'archives'> {
  return {
    archives: (_, emit, fail) => {
      const send = () => archives.list().then(emit, fail)
      void send()
      const ends = [archives.onChange(send), profiles.onChange(send)]
      return () => {
        for (const end of ends) end()
      }
    },
  }
}
