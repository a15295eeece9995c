/** The uidValidity of what was imported: one more than any IMAP server can have (RFC 9051: 32 bits). That of a POP3 maildrop is 0. */
export const IMPORTED = 2 ** 32
