/** The archives of the profile. */
import { usualRules } from '../../contract/captureRules.ts'
import { isFrozen, type LossSummary } from '../../contract/losses.ts'
import type { ArchiveStatus, Mailbox } from '../../contract/types.ts'
import type { OpenArchive } from '../archive/openArchive.ts'
import type { Archives } from '../archives.ts'
import type { EngineContext } from '../context.ts'
import { leavesOut } from '../jobs/capture/selection.ts'
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
      const losses = await lossesOf(archives, open, 'open', signal)
      const summary = await archives.summary(archive)
      const leftOut = new Set((await leftOutOf(archives, open, signal)).map(({ id }) => id))
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

/** Losses, with the mailboxes where the messages may be without our knowing. */
export async function lossesOf(archives: Archives, open: OpenArchive, which: 'open' | 'all', signal?: AbortSignal): Promise<LossSummary[]> {
  const losses = await open.ask('losses', [which], signal)
  if (losses.length === 0) return []
  const unseen = (await leftOutOf(archives, open, signal)).filter(({ present, selectable }) => present && selectable).map(({ name }) => name)
  return losses.map(loss => ({ archive: open.id, ...loss, ...(unseen.length > 0 && { leftOut: unseen }) }))
}

/** The mailboxes that the person's rules leave out. */
async function leftOutOf({ care }: Archives, open: OpenArchive, signal?: AbortSignal): Promise<Mailbox[]> {
  const { rules } = await care(open.id)
  if (!rules.leaveOutRoles?.length && !rules.leaveOutNames?.length && !rules.onlySubscribed) return []
  const out = leavesOut({ ...usualRules, ...rules })
  return (await open.ask('mailboxes', [], signal)).filter(out)
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
