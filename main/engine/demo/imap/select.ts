/** EXAMINE and SELECT (RFC 9051 6.3.2, 6.3.3), both read-only here; CLOSE and UNSELECT. */
import { decodeName } from './mailboxName.ts'
import type { Session } from './session.ts'
import { findMailbox } from './store.ts'
import { type Token, textOf } from './tokens.ts'

const SYSTEM_FLAGS = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft']

export async function select(session: Session, args: Token[]): Promise<string> {
  // A failed EXAMINE leaves no mailbox selected (RFC 9051 6.3.2)
  session.state = 'authenticated'
  session.mailbox = null
  const name = decodeName(textOf(args[0], 'mailbox'))
  const mailbox = name === null ? undefined : findMailbox(session.store, name)
  if (!mailbox) return 'NO [NONEXISTENT] no such mailbox'
  if (!mailbox.selectable) return 'NO [CANNOT] this mailbox only holds other mailboxes'

  const keywords = new Set(mailbox.messages.flatMap(message => message.flags).filter(flag => !flag.startsWith('\\')))
  const firstUnseen = mailbox.messages.findIndex(message => !message.flags.includes('\\Seen'))
  await session.send(`* FLAGS (${[...SYSTEM_FLAGS, ...keywords].join(' ')})`)
  await session.send('* OK [PERMANENTFLAGS ()] no flag can be changed')
  await session.send(`* ${mailbox.messages.length} EXISTS`)
  await session.send('* 0 RECENT')
  if (firstUnseen >= 0) await session.send(`* OK [UNSEEN ${firstUnseen + 1}] first unseen`)
  await session.send(`* OK [UIDVALIDITY ${mailbox.uidValidity}] UIDs valid`)
  await session.send(`* OK [UIDNEXT ${mailbox.uidNext}] predicted next UID`)
  session.mailbox = mailbox
  session.state = 'selected'
  return 'OK [READ-ONLY] done'
}

export function close(session: Session): string {
  session.mailbox = null
  session.state = 'authenticated'
  return 'OK closed'
}
