/** A loss in one sentence. */
import type { LossSummary } from '../../main/contract/losses.ts'
import type { Text } from '../text/text.ts'

const MOST_NAMED = 3

export function lossSentence(loss: LossSummary, name: string, { t, plural, format }: Text): string {
  const where = firstOf(
    loss.mailboxes.map(mailbox => mailbox.name),
    format,
  )
  const messages = loss.cause === 'many' ? format.number(loss.messages) : plural('count.messages', loss.messages)
  return t(`standing.loss.${loss.cause}`, { name, where, messages, before: plural('count.messages', loss.before) })
}

/** Folders that are not captured, where the messages may be without our knowing. */
export const leftOutNames = (names: readonly string[], { format }: Text): string => firstOf(names, format)

function firstOf(names: readonly string[], format: Text['format']): string {
  return format.list(names.length > MOST_NAMED ? [...names.slice(0, MOST_NAMED), '…'] : [...names])
}
