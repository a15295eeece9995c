/** A loss in one sentence. */
import type { LossSummary } from '../../main/contract/losses.ts'
import { saidName } from '../sidebar/wholeName.ts'
import type { Text } from '../text/text.ts'

const MOST_NAMED = 3

export function lossSentence(loss: LossSummary, name: string, text: Text): string {
  const { t, plural, format } = text
  const where = firstOf(
    loss.mailboxes.map(mailbox => saidName(mailbox.name, text)),
    format,
  )
  const messages = loss.cause === 'many' ? format.number(loss.messages) : plural('count.messages', loss.messages)
  return t(`standing.loss.${loss.cause}`, { name, where, messages, before: plural('count.messages', loss.before) })
}

/** Folders that are not captured, where the messages may be without our knowing. */
export const leftOutNames = (names: readonly string[], text: Text): string =>
  firstOf(
    names.map(name => saidName(name, text)),
    text.format,
  )

function firstOf(names: readonly string[], format: Text['format']): string {
  return format.list(names.length > MOST_NAMED ? [...names.slice(0, MOST_NAMED), '…'] : [...names])
}
