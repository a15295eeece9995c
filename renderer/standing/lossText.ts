/** A loss in one sentence. */
import type { LossSummary } from '../../main/contract/losses.ts'
import type { Text } from '../text/text.ts'

const MOST_NAMED = 3

export function lossSentence(loss: LossSummary, name: string, { t, plural, format }: Text): string {
  const names = loss.mailboxes.slice(0, MOST_NAMED).map(mailbox => mailbox.name)
  const where = format.list(loss.mailboxes.length > MOST_NAMED ? [...names, '…'] : names)
  const messages = loss.cause === 'many' ? format.number(loss.messages) : plural('count.messages', loss.messages)
  return t(`standing.loss.${loss.cause}`, { name, where, messages, before: plural('count.messages', loss.before) })
}
