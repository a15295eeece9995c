/** Later captures against real servers: what was moved, renamed and made again is recognised, and the archive ends as the server is. */
import type { ImapFlow } from 'imapflow'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connectImap } from '../../main/engine/mail/imap/connect.ts'
import type { Connect } from '../../main/engine/mail/types.ts'
import { captureOnce, type Heard, type TestArchive, testArchive } from '../help/captures.ts'
import { type Cyrus, cyrusMissing, startCyrus } from '../help/cyrus.ts'
import { type Dovecot, dovecotMissing, startDovecot } from '../help/dovecot.ts'

const servers = [
  { name: 'Dovecot', missing: dovecotMissing, start: startDovecot },
  { name: 'Cyrus', missing: cyrusMissing, start: startCyrus },
]

for (const { name, missing, start } of servers)
  describe.skipIf(missing)(`against ${name}`, () => {
    let server: Dovecot | Cyrus
    let archive: TestArchive
    let writer: ImapFlow
    let user: string
    let users = 0
    let fetched: number[]

    beforeAll(async () => {
      server = await start({ users: Array.from({ length: 6 }, (_, i) => `user${i}`) })
    })
    afterAll(() => server?.stop())
    beforeEach(async () => {
      user = `user${users++}`
      writer = await server.writer(user)
      archive = await testArchive()
    })
    afterEach(() => archive?.close())

    /** Keeps which UIDs are asked for whole. */
    const counting: Connect = async options => {
      const session = await connectImap(options)
      return Object.setPrototypeOf(
        {
          fetch: (uids: readonly number[]) => {
            fetched.push(...uids)
            return session.fetch(uids)
          },
        },
        session,
      )
    }
    const run = (): Promise<Heard> => {
      fetched = []
      return captureOnce({
        archive,
        settings: { host: '127.0.0.1', port: server.imapPort, user },
        password: server.password,
        connect: counting,
      })
    }
    const mail = (n: number, text = 'text') =>
      Buffer.from(`From: anna@example.com\r\nSubject: number ${n}\r\nMessage-ID: <${n}@example.com>\r\n\r\n${text.repeat(500)} ${n}.\r\n`)
    const append = (mailbox: string, n: number) => writer.append(mailbox, mail(n), [], new Date(Date.UTC(2024, 0, 1, 0, 0, n)))

    /** Mailbox, UID, flags and number of each message, as the server has it and as the archive says it has. */
    const truth = async () => {
      const all: string[] = []
      for (const { path, flags } of await writer.list()) {
        if (flags.has('\\Noselect') || flags.has('\\NonExistent')) continue
        await writer.mailboxOpen(path, { readOnly: true })
        if (writer.mailbox === false || writer.mailbox.exists === 0) continue
        for await (const { uid, flags, source } of writer.fetch('1:*', { uid: true, flags: true, source: true }))
          all.push(line(path, uid, flags!, source!))
      }
      return all.sort()
    }
    const kept = async () => {
      const all: string[] = []
      const { index } = archive.store
      const placed = await archive.factsOf('placed')
      for (const { path, epoch, present } of index.mailboxes()) {
        if (!present || !epoch) continue
        const uids = [...index.placedUids(epoch.epoch)]
        const flags = index.placedFlags(epoch.epoch, uids)
        for (const [i, uid] of uids.entries()) {
          const { id } = placed.findLast(fact => fact.epoch === epoch.epoch && fact.uid === uid)!
          all.push(line(path.join('/'), uid, flags[i]!, await archive.bytes(id)))
        }
      }
      return all.sort()
    }
    const line = (path: string, uid: number, flags: Iterable<string>, bytes: Buffer) =>
      `${path} ${uid} ${[...flags].filter(flag => flag !== '\\Recent').sort()} ${/number (\d+)/.exec(bytes.toString('latin1'))![1]} ${bytes.length}`

    test('new, changed, expunged and moved messages: only the new ones are fetched', async () => {
      await writer.mailboxCreate('Archive')
      for (let n = 1; n <= 20; n++) await append('INBOX', n)
      await run()
      await append('INBOX', 21)
      await append('INBOX', 22)
      await writer.mailboxOpen('INBOX')
      await writer.messageFlagsAdd('3,5', ['\\Seen', 'Work'], { uid: true })
      await writer.messageMove('7:9', 'Archive', { uid: true })
      await writer.messageCopy('10', 'Archive', { uid: true })
      await writer.messageDelete('12,14', { uid: true })
      const heard = await run()
      expect(heard.failures).toEqual([])
      expect(fetched).toEqual([22, 21])
      expect(heard.result).toMatchObject({ placedWithoutDownload: 4, gone: 5, flagsChanged: 2 })
      expect(await kept()).toEqual(await truth())
      expect((await run()).result).toMatchObject({ unchangedMailboxes: expect.any(Number) })
      expect(fetched).toEqual([])
    })

    test('renamed, with its children: history goes on, and nothing is fetched', async () => {
      await writer.mailboxCreate('Work/2024')
      for (let n = 1; n <= 5; n++) await append('Work/2024', n)
      await run()
      const before = archive.store.index.mailboxes().find(({ raw }) => raw.endsWith('2024'))!
      await writer.mailboxRename('Work', 'Old work')
      await append('Old work/2024', 6)
      const heard = await run()
      expect(heard.failures).toEqual([])
      const after = archive.store.index.mailboxes().find(({ mailbox }) => mailbox === before.mailbox)!
      expect(after.path).toEqual(['Old work', '2024'])
      expect(after.epoch!.epoch).toBe(before.epoch!.epoch)
      expect(fetched).toEqual([6])
      expect(await kept()).toEqual(await truth())
    })

    test('deleted and made again with some of its messages: they are recognised, the others are gone and kept', async () => {
      await writer.mailboxCreate('Again')
      for (let n = 1; n <= 6; n++) await append('Again', n)
      await run()
      await writer.mailboxDelete('Again')
      await new Promise(resolve => setTimeout(resolve, 1100)) // Dovecot's UIDVALIDITY is a time in seconds
      await writer.mailboxCreate('Again')
      for (const n of [2, 4, 7]) await append('Again', n)
      await run()
      expect(fetched).toHaveLength(1)
      expect(await kept()).toEqual(await truth())
      expect(await archive.factsOf('gone')).toEqual([{ k: 'gone', epoch: expect.any(Number), uids: '1,3,5:6' }])
      expect((await archive.facts()).filter(({ k }) => k === 'placed')).toHaveLength(9)
    })
  })
