/** What a mailbox is called outside of the tree: the person's word for its role, as in the tree, or its whole name on the server. */
import type { Mailbox } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'

/** `mailboxes`: those of the archive, as far as they are known. */
export function wholeName(mailboxes: readonly Mailbox[] | undefined, id: number, name: string, { t }: Text): string {
  const role = mailboxes?.find(mailbox => mailbox.id === id)?.role
  return role ? t(`mailbox.${role}`) : name
}

/** The same where nothing but its name is known: RFC 9051 5.1 gives one name a meaning, in any case. */
export const saidName = (name: string, { t }: Text): string => (/^inbox$/i.test(name) ? t('mailbox.inbox') : name)
