/** EXAMINE and SELECT (RFC 9051 6.3.2, 6.3.3); CLOSE and UNSELECT. */
import { decodeName } from './mailboxName.ts'
import type { Session } from './session.ts'
import { findMailbox } from './store.ts'
import { type Token, textOf } from './tokens.ts'

const SYSTEM_FLAGS = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft']

export const examine = (session: Session, args: Token[]) => open(session, args, true)
export const select = (session: Session, args: Token[]) => open(session, args, false)

async function open(session: Session, args: Token[], readOnly: boolean): Promise<string> {
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
  const writes = !readOnly && session.store.writable === true
  await session.send(
    writes ? `* OK [PERMANENTFLAGS (${[...SYSTEM_FLAGS, '\\*'].join(' ')})] these stay` : '* OK [PERMANENTFLAGS ()] no flag can be changed',
  )
  await session.send(`* ${mailbox.messages.length} EXISTS`)
  await session.send('* 0 RECENT')
  if (firstUnseen >= 0) await session.send(`* OK [UNSEEN ${firstUnseen + 1}] first unseen`)
  await session.send(`* OK [UIDVALIDITY ${mailbox.uidValidity}] UIDs valid`)
  await session.send(`* OK [UIDNEXT ${mailbox.uidNext}] predicted next UID`)
  session.mailbox = mailbox
  session.state = 'selected'
  return writes ? 'OK [READ-WRITE] done' : 'OK [READ-ONLY] done'
}

export function close(session: Session): string {
  session.mailbox = null
  session.state = 'authenticated'
  return 'OK closed'
}
