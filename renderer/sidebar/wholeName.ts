/** What a mailbox is called outside of the tree: the person's word for its role, as in the tree, or its whole name on the server. */
import type { Mailbox } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'

/** `mailboxes`: those of the archive, as far as they are known. */
export function wholeName(mailboxes: readonly Mailbox[] | undefined, id: number, name: string, { t }: Text): string {
  const role = mailboxes?.find(mailbox => mailbox.id === id)?.role
  return role ? t(`mailbox.${role}`) : name
}
