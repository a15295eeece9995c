/** Three answers about an archive, made of what the engine says: is everything here, is there a copy, does anything need me. */
import type { CopyState } from '../../main/contract/copies.ts'
import type { Problem } from '../../main/contract/problems.ts'
import type { ArchiveStatus, ArchiveSummary } from '../../main/contract/types.ts'
import { safeLine } from '../copies/age.ts'
import { problemTitle } from '../standing/problemText.ts'
import type { Text } from '../text/text.ts'

/** open: nothing is wrong, and something is not there yet. */
export type Answer = { state: 'good' | 'open' | 'bad'; title: string; note: string }

/** The list below has all of them. */
const MOST_NAMED = 2

export function mailAnswer(
  { account, demo, ...archive }: ArchiveSummary,
  status: ArchiveStatus,
  problems: readonly Problem[],
  { t, plural, format }: Text,
): Answer {
  const inDoubt = problems.some(({ urgent, kind }) => urgent && hiding.has(kind))
  const lastProven = archive.lastProven ?? (inDoubt ? null : allComplete(status))
  const kept = t('standing.safety.kept', { messages: plural('count.messages', status.messages) })
  if (!account && !demo) return { state: status.messages > 0 ? 'good' : 'open', title: kept, note: t('overview.noAccount') }
  const lacking = status.mailboxes.reduce((sum, row) => sum + row.gapCount, 0)
  const today = lastProven !== null && new Date(lastProven).toDateString() === new Date().toDateString()
  const note =
    lastProven === null
      ? t('standing.health.never')
      : today
        ? t('standing.health.today', { time: format.time(lastProven) })
        : t('standing.health.proven', { time: format.moment(lastProven) })
  if (lacking > 0) return { state: 'bad', title: plural('standing.safety.lacking', lacking), note: `${kept}. ${note}` }
  if (lastProven === null || inDoubt) return { state: 'open', title: kept, note }
  return { state: 'good', title: t('standing.safety.complete'), note }
}

/** While one of these stands, mail may be on the server that nobody has seen: what was proven before says nothing of it. */
const hiding = new Set<Problem['kind']>(['account', 'mailbox', 'disk', 'place', 'stale', 'other'])

/** Since when each folder is complete; null while one is not. */
function allComplete({ mailboxes }: ArchiveStatus): number | null {
  const asked = mailboxes.filter(({ present, leftOut, epoch }) => present && !leftOut && epoch !== null)
  const times = asked.map(({ completeAsOf }) => completeAsOf)
  return times.length === 0 || times.includes(null) ? null : Math.min(...(times as number[]))
}

export function copyAnswer(copies: readonly CopyState[], text: Text): Answer {
  const { t, plural } = text
  const best = copies.filter(copy => copy.safeAsOf !== null).sort((a, b) => b.safeAsOf! - a.safeAsOf!)[0]
  if (copies.length === 0) return { state: 'open', title: t('standing.safety.noCopy'), note: t('standing.safety.noCopyNote') }
  if (!best) return { state: 'open', title: t('standing.safety.copyNotYet'), note: copies[0]!.dir }
  const worst = copies.find(copy => copy.state === 'damaged' || copy.state === 'problem')
  return {
    state: worst ? 'bad' : best.sameDisk === 'same' ? 'open' : 'good',
    title: worst ? t('standing.safety.copyTrouble') : plural('standing.safety.copies', copies.length),
    note: best.sameDisk === 'same' && !worst ? t('standing.safety.copySameDisk') : safeLine(best, text, Date.now()),
  }
}

export function needAnswer(archive: ArchiveSummary, problems: readonly Problem[], text: Text): Answer {
  const { t, plural } = text
  const needs = problems.filter(({ urgent, doing }) => urgent || doing === 'person').map(problem => problemTitle(problem, text))
  if (archive.state === 'open' && !archive.recoveryConfirmed && !archive.demo) needs.push(t('standing.safety.recovery'))
  const more = needs.length > MOST_NAMED ? ` · ${plural('count.others', needs.length - MOST_NAMED)}` : ''
  if (needs.length > 0)
    return { state: 'bad', title: plural('standing.safety.needs', needs.length), note: needs.slice(0, MOST_NAMED).join(' · ') + more }
  const passing = problems.length > 0 && plural('standing.safety.passing', problems.length)
  const watched = archive.account && t(archive.watch ? 'standing.safety.watching' : 'standing.safety.notWatching')
  return { state: 'good', title: t('standing.safety.nothing'), note: passing || watched || '' }
}
