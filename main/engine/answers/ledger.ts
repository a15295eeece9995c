/** The ledger beyond its numbers: what disappeared from the server, what a person says of it, and gaps that shall be tried again now. */

import { AppError } from '../../contract/errors.ts'
import type { ArchiveLosses } from '../../contract/losses.ts'
import { isFrozen } from '../../contract/losses.ts'
import type { EngineContext } from '../context.ts'
import type { Fact } from '../log/facts.ts'
import { toUidSet } from '../mail/imap/uidSet.ts'
import type { CallAnswers } from '../serve.ts'
import { lossesOf } from './archives.ts'
import { startCapture } from './jobs.ts'

export function ledgerCalls(context: EngineContext): Pick<CallAnswers, 'archive.losses' | 'archive.answerLoss' | 'archive.retryGaps'> {
  const { archives } = context
  return {
    'archive.losses': ({ archive }, { signal }) => allLosses(context, archive, signal),
    'archive.answerLoss': async ({ archive, loss, answer }) => {
      const known = (await allLosses(context, archive)).losses.find(one => one.loss === loss)
      if (!known) throw new AppError('not-found', `no loss ${loss}`, { facts: { what: `loss ${loss}` } })
      await say(context, archive, [{ k: 'lossAnswer', loss, answer }])
      return allLosses(context, archive)
    },
    'archive.retryGaps': async ({ archive, mailbox, uid }) => {
      const { index } = await (await archives.open(archive)).store()
      const facts = index.mailboxes().flatMap((state): Fact[] => {
        if (state.epoch === null || (mailbox !== null && state.mailbox !== mailbox)) return []
        const uids = index.gaps(state.epoch.epoch).flatMap(gap => (uid === undefined || gap.uid === uid ? [gap.uid] : []))
        return uids.length === 0 ? [] : [{ k: 'retry', epoch: state.epoch.epoch, uids: toUidSet(uids) }]
      })
      if (facts.length === 0) throw new AppError('not-found', 'nothing is missing here', { facts: { what: 'a gap' } })
      await say(context, archive, facts)
      return startCapture(context, archive, false)
    },
  }
}

async function allLosses({ archives }: EngineContext, archive: string, signal?: AbortSignal): Promise<ArchiveLosses> {
  const losses = await lossesOf(archives, await archives.open(archive), 'all', signal)
  return { losses, frozen: isFrozen(losses) }
}

/** Writes facts down, to be seen by the next question. */
async function say({ archives }: EngineContext, archive: string, facts: Fact[]): Promise<void> {
  const store = await (await archives.open(archive)).store()
  await store.save([], facts)
  store.index.flush()
}
