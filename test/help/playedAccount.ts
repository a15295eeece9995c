/** A capture of an account that a scripted server plays: what the specs of capture begin with. */
import { afterEach } from 'vitest'
import { type CaptureTrial, captureOnce, type Heard, type TestArchive, testArchive } from './captures.ts'
import type { Fetchable } from './scriptedFetch.ts'
import { type ScriptedImap, type ScriptOptions, startScriptedImap } from './scriptedImap.ts'

export interface PlayedAccount {
  server: ScriptedImap
  archive: TestArchive
  /** One capture; what the server hears is counted anew. */
  run(more?: Partial<CaptureTrial>): Promise<Heard>
  /** UIDs whose bodies were fetched since the last run began, by mailbox. */
  downloaded(): string[]
  /** Lines the client sent since the last run began, without their connection. */
  said(what: RegExp): string[]
  /** What is listed and not gone: mailbox path, and UID and SHA of each message in it. */
  live(): Promise<Record<string, Record<number, string>>>
}

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

export async function playAccount(options: ScriptOptions): Promise<PlayedAccount> {
  const server = await startScriptedImap(options)
  const archive = await testArchive()
  open.push(server, archive)
  const wire = () => server.wire.map(line => line.replace(/^\d+ /, ''))
  return {
    server,
    archive,
    run: more => {
      server.wire.length = 0
      return captureOnce({ archive, settings: { host: server.host, port: server.port, user: server.user }, password: server.password, ...more })
    },
    downloaded: () =>
      wire()
        .filter(line => line.includes('BODY.PEEK[]'))
        .map(line => line.split(' ')[2]!),
    said: what => wire().filter(line => what.test(line)),
    live: async () => {
      const { index } = archive.store
      const placed = await archive.factsOf('placed')
      const byMailbox: Record<string, Record<number, string>> = {}
      for (const { path, epoch, present, selectable } of index.mailboxes()) {
        if (!present || !selectable) continue
        const uids = epoch ? index.placedUids(epoch.epoch) : []
        const messages: Record<number, string> = {}
        for (const uid of uids) {
          const { id } = placed.findLast(fact => fact.epoch === epoch!.epoch && fact.uid === uid)!
          messages[uid] = (await archive.bytes(id)).toString('latin1')
        }
        byMailbox[path.join('/')] = messages
      }
      return byMailbox
    },
  }
}

/** What `live` is when it is as the server has it. */
export function truthOf({ server }: PlayedAccount): Record<string, Record<number, string>> {
  return Object.fromEntries(
    server.mailboxes
      .filter(({ attributes }) => !attributes?.includes('\\Noselect'))
      .map(({ name, messages }) => [name, Object.fromEntries(messages.map(({ uid, bytes }) => [uid, Buffer.from(bytes).toString('latin1')]))]),
  )
}

/** A message of its own: `text` makes the difference. */
export const letter = (uid: number, text = `number ${uid}`, more: Partial<Fetchable> = {}): Fetchable => ({
  uid,
  bytes: Buffer.from(
    `From: anna@example.com\r\nSubject: ${text}\r\nMessage-ID: <${text.replaceAll(' ', '.')}@example.com>\r\n\r\nThis is ${text}.\r\n`,
  ),
  date: `01-Jan-2024 10:${String(Math.floor(uid / 60) % 60).padStart(2, '0')}:${String(uid % 60).padStart(2, '0')} +0100`,
  ...more,
})
export const letters = (count: number) => Array.from({ length: count }, (_, i) => letter(i + 1))
