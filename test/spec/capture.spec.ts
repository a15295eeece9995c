/** A real server, a real archive: what it holds is what comes out. The same promises on two servers that share no code. */
import { createHash } from 'node:crypto'
import type { ImapFlow } from 'imapflow'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AccountSettings } from '../../main/contract/types.ts'
import { connectImap } from '../../main/engine/mail/imap/connect.ts'
import { testAccount } from '../../main/engine/mail/imap/testAccount.ts'
import { captureOnce, type Heard, type TestArchive, testArchive } from '../help/captures.ts'
import { type Cyrus, cyrusMissing, startCyrus } from '../help/cyrus.ts'
import { type Dovecot, dovecotMissing, opensslMissing, startDovecot } from '../help/dovecot.ts'

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

interface Served {
  name: string
  missing: string | null
  start(options: { users: string[]; timeZone: string }): Promise<Dovecot | Cyrus>
  /** A message, and mailboxes, that this server takes and others would not. */
  odd: Buffer
  oddNames: string[]
  /** Whether a parent that is made for its child's sake can hold mail. */
  parentsHoldMail: boolean
}

const servers: Served[] = [
  {
    name: 'Dovecot',
    missing: dovecotMissing,
    start: startDovecot,
    odd: Buffer.from('no header at all\r\n'),
    oddNames: ['Quote " and \\ back', 'Lists/*/%'],
    parentsHoldMail: false,
  },
  // Cyrus refuses what has no header.
  {
    name: 'Cyrus',
    missing: cyrusMissing,
    start: startCyrus,
    odd: Buffer.from('Subject: no body and no other header\r\n\r\n'),
    oddNames: ['user+tag@example.com: a=b, c'],
    parentsHoldMail: true,
  },
]

for (const { name, missing, start, odd, oddNames, parentsHoldMail } of servers)
  describe.skipIf(missing)(`against ${name}`, () => {
    let server: Dovecot | Cyrus
    let archive: TestArchive
    let users = 0
    let user: string
    let writer: ImapFlow

    beforeAll(async () => {
      server = await start({ users: Array.from({ length: 12 }, (_, i) => `user${i}`), timeZone: 'Asia/Kolkata' })
    })
    afterAll(() => server?.stop())
    beforeEach(async () => {
      user = `user${users++}`
      writer = await server.writer(user)
      archive = await testArchive()
    })
    afterEach(() => archive?.close())

    const settings = (more: Partial<AccountSettings> = {}): AccountSettings => ({
      protocol: 'imap',
      host: '127.0.0.1',
      port: server.imapPort,
      security: 'plain',
      user,
      ...more,
    })
    const run = (): Promise<Heard> => captureOnce({ archive, settings: settings(), password: server.password })

    const mail = (n: number, body = `This is number ${n}.`) => Buffer.from(`From: anna@example.com\r\nSubject: number ${n}\r\n\r\n${body}\r\n`)

    test('every message has the SHA-256 of what the server holds, with flags, keywords, INTERNALDATE and zone', async () => {
      const messages = [
        { bytes: mail(1), flags: ['\\Seen', '$Forwarded', 'Rechnung'], date: new Date('2021-07-01T10:11:12Z') },
        { bytes: odd, flags: [], date: new Date('1999-12-31T23:59:59Z') },
        {
          bytes: Buffer.concat([Buffer.from('Subject: 8 bit\r\n\r\n'), Buffer.from([0xff, 0xfe, 0x80, 0x0d, 0x0a])]),
          flags: ['\\Flagged'],
          date: new Date('2024-02-29T00:00:00Z'),
        },
        { bytes: mail(4, 'x'.repeat(200_000)), flags: ['\\Answered', '\\Draft'], date: new Date('2026-01-19T03:14:08Z') },
      ]
      for (const { bytes, flags, date } of messages) await writer.append('INBOX', bytes, flags, date)
      await run()
      const placed = await archive.factsOf('placed')
      expect(placed.map(({ uid }) => uid).sort()).toEqual([1, 2, 3, 4])
      for (const fact of placed) {
        const { bytes, flags, date } = messages[fact.uid - 1]!
        expect(sha(await archive.bytes(fact.id))).toBe(sha(bytes))
        expect({ flags: [...fact.flags].sort(), date: fact.internalDate, zone: fact.zone }).toEqual({
          flags: [...flags].sort(),
          date: date.getTime() / 1000,
          zone: 330, // Asia/Kolkata, as the server says it
        })
      }
    })

    test('nested and non-ASCII mailboxes, roles, names with quotes and wildcards, parents made for their children', async () => {
      const names = ['Projekty/Zażółć gęślą jaźń', '项目/合同', 'R&D', ...oddNames, 'Deep/er/and/deep/er']
      for (const name of names) {
        await writer.mailboxCreate(name)
        await writer.append(name, mail(1))
      }
      const heard = await run()
      expect(heard.failures).toEqual([])
      const mailboxes = archive.store.index.mailboxes()
      const paths = mailboxes.map(({ path }) => path.join('/'))
      for (const name of names) expect(paths).toContain(name)
      expect(Object.fromEntries(mailboxes.filter(({ role }) => role).map(({ path, role }) => [path[0], role]))).toEqual({
        INBOX: 'inbox',
        Sent: 'sent',
        Drafts: 'drafts',
        Trash: 'trash',
        Junk: 'junk',
      })
      expect(mailboxes.find(({ path }) => path.join('/') === 'Deep/er')).toMatchObject({ selectable: parentsHoldMail })
      expect(await archive.factsOf('placed')).toHaveLength(names.length)
    })

    test('a second run fetches nothing; then new mail only, changed flags, and what is gone', async () => {
      for (let n = 1; n <= 5; n++) await writer.append('INBOX', mail(n))
      await run()
      expect((await run()).outcomes).toEqual({ added: 0, unchanged: 5, failed: 0 })

      await writer.mailboxOpen('INBOX')
      await writer.append('INBOX', mail(6))
      await writer.messageFlagsAdd('2', ['\\Seen', 'Wichtig'], { uid: true })
      await writer.messageDelete('4', { uid: true })
      const heard = await run()
      expect(heard.outcomes.added).toBe(1)
      expect(await archive.factsOf('flags')).toEqual([
        { k: 'flags', epoch: expect.any(Number), uid: 2, flags: expect.arrayContaining(['\\Seen', 'Wichtig']) },
      ])
      expect((await archive.factsOf('gone')).map(({ uids }) => uids)).toEqual(['4'])
      expect((await run()).result).toMatchObject({ unchangedMailboxes: 5 })
    })

    test('reading leaves no trace: no message becomes \\Seen or loses \\Recent', async () => {
      for (let n = 1; n <= 3; n++) await writer.append('INBOX', mail(n))
      await run()
      const { messages, unseen, recent } = (await writer.status('INBOX', { messages: true, unseen: true, recent: true })) as unknown as Record<
        string,
        unknown
      >
      expect({ messages, unseen, recent }).toEqual({ messages: 3, unseen: 3, recent: 3 })
    })

    test('a message of 20 MB comes in pieces and whole', async () => {
      const bytes = mail(1, `${'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(2)}\r\n`.repeat(270_000))
      await writer.append('INBOX', bytes)
      await run()
      const [fact] = await archive.factsOf('placed')
      expect(sha(await archive.bytes(fact!.id))).toBe(sha(bytes))
    })

    test('UIDVALIDITY that changed opens a new epoch and loses nothing', async () => {
      await writer.mailboxCreate('Again')
      await writer.append('Again', mail(1))
      await run()
      await writer.mailboxDelete('Again')
      await new Promise(resolve => setTimeout(resolve, 1100)) // Dovecot's UIDVALIDITY is a time in seconds
      await writer.mailboxCreate('Again')
      await writer.append('Again', mail(1))
      await run()
      const again = archive.store.index.mailboxes().find(({ raw }) => raw === 'Again')!.mailbox
      expect((await archive.factsOf('epoch')).filter(({ mailbox }) => mailbox === again)).toHaveLength(2)
      const placed = await archive.factsOf('placed')
      expect(placed).toHaveLength(2)
      expect(placed[0]!.id).toBe(placed[1]!.id)
    })
  })

describe.skipIf(dovecotMissing)('logging in', () => {
  let dovecot: Dovecot

  beforeAll(async () => {
    dovecot = await startDovecot()
  })
  afterAll(() => dovecot?.stop())

  test('a wrong password is the account, not the network', async () => {
    await expect(
      connectImap({
        settings: { protocol: 'imap', host: '127.0.0.1', port: dovecot.imapPort, security: 'plain', user: dovecot.user },
        password: 'wrong',
      }),
    ).rejects.toMatchObject({ code: 'auth-failed' })
  })
  test.skipIf(opensslMissing)('a self-signed certificate is refused, shown, and accepted as authority or as pin', async () => {
    const tls: AccountSettings = { protocol: 'imap', host: 'localhost', port: dovecot.imapsPort, security: 'tls', user: dovecot.user }
    const refused = await testAccount({ settings: tls, password: dovecot.password })
    expect(refused).toMatchObject({ ok: false, error: { code: 'tls-untrusted' }, certificate: { subject: 'localhost' } })
    const pin = refused.certificate!.sha256
    for (const trust of [{ ca: dovecot.certificate }, { pin }])
      for (const [port, security] of [
        [dovecot.imapsPort, 'tls'],
        [dovecot.imapPort, 'starttls'],
      ] as const) {
        const session = await connectImap({ settings: { ...tls, ...trust, port, security }, password: dovecot.password })
        expect((await session.list()).length).toBe(5)
        await session.close()
      }
    await expect(
      connectImap({ settings: { ...tls, pin: pin.replace(/^./, digit => (digit === '0' ? '1' : '0')) }, password: dovecot.password }),
    ).rejects.toMatchObject({
      code: 'tls-pin-mismatch',
    })
  })
})
