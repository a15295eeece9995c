/** What a server holds, by a client of its own: to be compared with what it held before. */
import { createHash } from 'node:crypto'
import type { ImapFlow } from 'imapflow'
import { type MailStore, nameOf } from '../../main/engine/demo/imap/store.ts'

export interface OnServer {
  path: string
  uid: number
  /** Mailbox, SHA-256, flags and INTERNALDATE: all that must come back. */
  line: string
}

export async function onServer(client: ImapFlow): Promise<OnServer[]> {
  const all: OnServer[] = []
  for (const { path, flags } of await client.list()) {
    if (flags.has('\\Noselect') || flags.has('\\NonExistent')) continue
    const opened = await client.mailboxOpen(path, { readOnly: true }) // or closing it would expunge
    if (opened.exists > 0)
      for await (const { uid, flags, internalDate, source } of client.fetch('1:*', { uid: true, flags: true, internalDate: true, source: true }))
        all.push({ path, uid, line: lineOf(path, source!, [...(flags ?? [])], new Date(internalDate!).getTime() / 1000) })
    await client.mailboxClose()
  }
  return all
}

export const linesOf = async (client: ImapFlow): Promise<string[]> => (await onServer(client)).map(({ line }) => line).sort()
/** Every UID of every mailbox, and the mailboxes. */
export const uidsOf = async (client: ImapFlow): Promise<string[]> =>
  [...(await onServer(client)).map(({ path, uid }) => `${path} ${uid}`), ...(await client.list()).map(({ path }) => path)].sort()

/** The same of a store that a server of ours serves. */
export const linesOfStore = (store: MailStore): string[] =>
  store.mailboxes
    .flatMap(mailbox => mailbox.messages.map(({ bytes, flags, internalDate }) => lineOf(nameOf(store, mailbox), bytes, flags, internalDate)))
    .sort()

export const lineOf = (path: string, bytes: Uint8Array, flags: readonly string[], seconds: number): string => {
  const seen = flags.filter(flag => flag !== '\\Recent').sort()
  return `${path} ${createHash('sha256').update(bytes).digest('hex')} ${seen.join(',')} ${seconds}`
}
