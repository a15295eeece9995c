import type { ArchiveStatus } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'

const ENOUGH = 1_000_000

/** The four figures, each with the line that explains it. */
export function OverviewCards({ status, text }: { status: ArchiveStatus; text: Text }) {
  const { t, plural, format } = text
  const [first, last] = [status.firstMessage, status.lastMessage].map(time => (time === null ? '' : format.day(time))) as [string, string]
  const span = first === last ? first : t('overview.span', { first, last })
  // Of a few messages most is what every archive begins with, and their share would frighten people.
  const ratio = status.rawBytes >= ENOUGH ? t('overview.saved', { percent: format.percent(status.logBytes / status.rawBytes) }) : ''
  const index = [
    status.unindexed > 0 && t('overview.unindexed', { n: format.number(status.unindexed) }),
    status.unparsable > 0 && t('overview.unparsable', { n: format.number(status.unparsable) }),
  ].filter(Boolean)
  return (
    <dl className="cards">
      <Card label={t('overview.messages')} value={format.number(status.messages)} note={span} />
      <Card label={t('overview.size')} value={format.bytes(status.rawBytes)} note={plural('count.mailboxes', status.mailboxCount)} />
      <Card label={t('overview.onDisk')} value={format.bytes(status.logBytes)} note={ratio} />
      <Card label={t('overview.index')} value={format.bytes(status.indexBytes)} note={index.join(' · ')} />
    </dl>
  )
}

function Card({ label, value, note }: { label: string; value: string; note: string }) {
  return (
    <div className="card">
      <dt>{label}</dt>
      <dd className="num">{value}</dd>
      <dd className="card-note">{note}</dd>
    </div>
  )
}
