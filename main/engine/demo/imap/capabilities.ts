import type { MailStore } from './store.ts'

const CAPABILITIES =
  'IMAP4rev1 LITERAL- SASL-IR AUTH=PLAIN ID ENABLE NAMESPACE CHILDREN LIST-EXTENDED LIST-STATUS SPECIAL-USE ESEARCH IDLE UNSELECT STATUS=SIZE'

/** Said before and after login alike: on the loopback there is no TLS to be had, and one way to log in. */
export const capabilitiesOf = ({ writable, uidPlus }: MailStore): string =>
  [CAPABILITIES, ...(writable ? ['CREATE-SPECIAL-USE', ...(uidPlus === false ? [] : ['UIDPLUS'])] : [])].join(' ')
