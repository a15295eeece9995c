/** POP3 against a real server: what Dovecot transmits is what is kept, and Dovecot's mailbox is as it was. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ImapFlow } from 'imapflow'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AccountSettings } from '../../main/contract/types.ts'
import { connectPop3 } from '../../main/engine/mail/pop3/connect.ts'
import { testPop3Account } from '../../main/engine/mail/pop3/testAccount.ts'
import type { ConnectPop3 } from '../../main/engine/mail/pop3/types.ts'
import { captureOnce, type Heard, type TestArchive, testArchive } from '../help/captures.ts'
import { cliHere } from '../help/cli.ts'
import { type Dovecot, dovecotMissing, opensslMissing, startDovecot } from '../help/dovecot.ts'
import { popOnce } from '../help/pop3Captures.ts'

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const root = fileURLToPath(new URL('../..', import.meta.url))

test('no source of the capture over POP3 knows a verb that marks, unmarks or removes', () => {
  const files = ['main/engine/mail/pop3', 'main/engine/jobs/pop3'].flatMap(folder =>
    readdirSync(join(root, folder)).map(name => join(root, folder, name)),
  )
  expect(files.length).toBeGreaterThan(20)
  for (const file of files) {
    const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    expect(code, file).not.toMatch(/\b(dele|rset)\b/i)
  }
})

describe.skipIf(dovecotMissing)('against Dovecot', () => {
  let dovecot: Dovecot
  let archive: TestArchive
  let users = 0
  let user: string
  let writer: ImapFlow

  beforeAll(async () => {
    dovecot = await startDovecot({ users: Array.from({ length: 12 }, (_, i) => `user${i}`) })
  })
  afterAll(() => dovecot?.stop())
  beforeEach(async () => {
    user = `user${users++}`
    writer = await dovecot.writer(user)
    archive = await testArchive()
  })
  afterEach(() => archive?.close())

  const settings = (more: Partial<AccountSettings> = {}): AccountSettings => ({
    protocol: 'pop3',
    host: '127.0.0.1',
    port: dovecot.pop3Port,
    security: 'plain',
    user,
    ...more,
  })
  const run = (connect?: ConnectPop3): Promise<Heard> =>
    popOnce({ archive, settings: settings(), password: dovecot.password, ...(connect && { connect }) })

  const mail = (n: number, body = `This is number ${n}.\r\n`) =>
    Buffer.from(`From: anna@example.com\r\nSubject: number ${n}\r\nMessage-ID: <${n}@example.com>\r\n\r\n${body}`, 'latin1')
  const odd = [
    mail(1),
    mail(2, '.\r\n..\r\n...\r\n.x\r\n'),
    mail(3, 'a\rb\r\r\nc\nd\n.\ne\r\n'),
    mail(4, ''),
    mail(5, `${'x'.repeat(100_000)}\r\n`),
    mail(6, 'line\r\n'.repeat(200_000)),
    Buffer.from('no header at all\r\n'),
    Buffer.concat([mail(8, ''), Buffer.from(Array.from({ length: 255 }, (_, i) => i + 1)), Buffer.from('\r\n')]),
    mail(9, `${'large '.repeat(10)}\r\n`.repeat(200_000)),
  ]
  const fill = async (messages: readonly Buffer[]) => {
    for (const bytes of messages) await writer.append('INBOX', bytes)
  }

  /** Everything that IMAP can tell of the mailbox; HIGHESTMODSEQ changes with any flag of any message. */
  const mailboxNow = async () => {
    const { highestModseq, uidValidity, uidNext } = await writer.mailboxOpen('INBOX', { readOnly: true })
    const messages: unknown[] = []
    for await (const each of writer.fetch('1:*', { uid: true, flags: true, internalDate: true, size: true, source: true }))
      messages.push([each.uid, [...each.flags!].filter(flag => flag !== '\\Recent').sort(), each.internalDate, each.size, sha(each.source!)])
    await writer.mailboxClose()
    return { highestModseq, uidValidity, uidNext, messages }
  }

  test('every message has the SHA-256 of what the server transmits, and the server’s mailbox is untouched', async () => {
    await fill(odd)
    const before = await mailboxNow()
    const heard = await run()
    expect(heard.outcomes).toEqual({ added: odd.length, unchanged: 0, failed: 0 })
    const placed = await archive.factsOf('placed')
    const transmitted = await rawRetrieve(dovecot, user, odd.length, 'TOP')
    const stored = await Promise.all(placed.map(async ({ uid, id }) => [uid, sha(await archive.bytes(id))] as const))
    expect(new Map(stored)).toEqual(new Map(transmitted.map((bytes, i) => [i + 1, sha(bytes)])))
    expect((await run()).outcomes).toEqual({ added: 0, unchanged: odd.length, failed: 0 })
    expect(await mailboxNow()).toEqual(before)
  })

  test('a message whose last line has no end is kept as POP3 transmits it, with one', async () => {
    await fill([mail(1, 'no end')])
    await run()
    const [placed] = await archive.factsOf('placed')
    expect((await archive.bytes(placed!.id)).toString()).toBe(mail(1, 'no end\r\n').toString())
  })

  test('the account’s test finds it all well', async () => {
    await fill(odd.slice(0, 3))
    expect(await testPop3Account({ settings: settings(), password: dovecot.password })).toMatchObject({ ok: true, messages: 3, mailboxes: 1 })
    expect(await testPop3Account({ settings: settings(), password: 'wrong' })).toMatchObject({ ok: false, error: { code: 'auth-failed' } })
  })

  test.skipIf(opensslMissing)('STLS, with Dovecot’s certificate as the authority', async () => {
    await fill(odd.slice(0, 3))
    const secure = settings({ host: 'localhost', security: 'starttls', ca: dovecot.certificate })
    expect((await popOnce({ archive, settings: secure, password: dovecot.password })).outcomes.added).toBe(3)
    const untrusted = testPop3Account({ settings: settings({ host: 'localhost', security: 'starttls' }), password: dovecot.password })
    expect(await untrusted).toMatchObject({ ok: false, error: { code: 'tls-untrusted' }, certificate: { subject: 'localhost' } })
  })

  test('new mail, deleted mail, and all of it once', async () => {
    await fill(odd.slice(0, 5))
    await run()
    await writer.mailboxOpen('INBOX')
    await writer.messageDelete('2:3')
    await writer.mailboxClose()
    await fill([mail(20), mail(21)])
    const heard = await run()
    expect(heard).toMatchObject({ outcomes: { added: 2, unchanged: 3, failed: 0 }, result: { gone: 2 } })
    expect((await archive.factsOf('gone')).map(({ uids }) => uids)).toEqual(['2:3'])
  })

  test('a session that is cut in the middle loses nothing and doubles nothing', async () => {
    await fill(Array.from({ length: 60 }, (_, i) => mail(i, 'some text\r\n'.repeat(100 * i))))
    let cuts = 0
    const heard = await run(async options => {
      const session = await connectPop3(options)
      if (cuts++ < 3) setTimeout(() => session.close(), 20 * cuts)
      return session
    })
    expect(heard.outcomes).toEqual({ added: 60, unchanged: 0, failed: 0 })
    const placed = await archive.factsOf('placed')
    expect(new Set(placed.map(({ id }) => id)).size).toBe(60)
    expect(placed).toHaveLength(60)
  })

  test('moved to IMAP of the same mailbox: no message is stored twice, and history is kept', async () => {
    await fill(odd)
    await run()
    const first = await archive.factsOf('placed')
    const records = await recordsIn(archive)
    const heard = await captureOnce({ archive, settings: { host: '127.0.0.1', port: dovecot.imapPort, user }, password: dovecot.password })
    expect(heard.outcomes.failed).toBe(0)
    const placed = (await archive.factsOf('placed')).filter(({ epoch }) => epoch !== first[0]!.epoch)
    expect(placed.map(({ id }) => id).sort()).toEqual(first.map(({ id }) => id).sort())
    expect(await recordsIn(archive)).toBe(records)
    const inbox = archive.store.index.mailboxes().find(({ raw }) => raw === 'INBOX')!
    expect(inbox.epoch!.uidValidity).toBeGreaterThan(0)
    expect(archive.store.index.pop3Ids(inbox.mailbox)).toHaveLength(odd.length)
    // And back: what POP3 shows is what was there.
    expect((await run()).outcomes).toEqual({ added: 0, unchanged: odd.length, failed: 0 })
    expect(await recordsIn(archive)).toBe(records)
  })

  test('moved to IMAP, a message whose last line has no end is kept as each protocol gives it, and shown once', async () => {
    const attachment = Buffer.alloc(60_000, 'attached, and the same in both ').toString('base64').replace(/.{76}/g, '$&\r\n')
    const unended = mail(2, `--b\r\nContent-Transfer-Encoding: base64\r\n\r\n${attachment}\r\n--b--`)
    const bytes = Buffer.from(unended.toString('latin1').replace('Subject', 'Content-Type: multipart/mixed; boundary=b\r\nSubject'), 'latin1')
    await fill([mail(1), bytes])
    await run()
    const records = await recordsIn(archive)
    await captureOnce({ archive, settings: { host: '127.0.0.1', port: dovecot.imapPort, user }, password: dovecot.password })
    // One message record more, and not one blob: the attachment is the same.
    expect(await recordsIn(archive)).toBe(records + 1)
    const inbox = archive.store.index.mailboxes().find(({ raw }) => raw === 'INBOX')!
    expect([...archive.store.index.placedUids(inbox.epoch!.epoch)]).toEqual([1, 2])
    const both = (await archive.factsOf('placed'))
      .filter(({ size }) => size === bytes.length || size === bytes.length + 2)
      .map(({ id }) => archive.bytes(id))
    expect((await Promise.all(both)).map(sha).sort()).toEqual([bytes, Buffer.concat([bytes, Buffer.from('\r\n')])].map(sha).sort())
    // What POP3 gave is history: no message of the mailbox now, and not lost.
    expect(archive.store.index.formerUids(inbox.mailbox)).toEqual([])
  })

  test('through the command line: add, test, sync, move to IMAP', async () => {
    await fill(odd.slice(0, 5))
    const dir = await mkdtemp(join(tmpdir(), 'mailcoffer-pop3-'))
    const mailcoffer = async (...args: string[]) => {
      const done = await cliHere(args, { profile: dir, env: { MAILCOFFER_ACCOUNT_PASSWORD: dovecot.password } })
      expect(done, done.stdout + done.stderr).toMatchObject({ code: 0 })
      return done
    }
    const listed = async () =>
      ((await mailcoffer('--json', 'mailboxes', 'Work')).json() as { mailboxes: { name: string; messages: number }[] }).mailboxes
    try {
      await mailcoffer('archive', 'create', 'Work')
      const added = await mailcoffer('account', 'add', 'Work', '--pop3', `127.0.0.1:${dovecot.pop3Port}`, '--user', user, '--security', 'plain')
      expect(added.stdout).toContain('sent mail')
      expect((await mailcoffer('account', 'test', 'Work')).stdout).toContain('5 messages')
      await mailcoffer('sync', 'Work')
      expect(await listed()).toMatchObject([{ name: 'INBOX', messages: 5 }])
      await mailcoffer('account', 'change', 'Work', '--imap', `127.0.0.1:${dovecot.imapPort}`, '--security', 'plain')
      await mailcoffer('sync', 'Work')
      expect((await listed()).find(({ name }) => name === 'INBOX')).toMatchObject({ messages: 5 })
      const { messages } = (await mailcoffer('--json', 'archive', 'status', 'Work')).json() as { messages: number }
      expect(messages).toBe(5)
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  })
})

/** Message records in the log, repeated ones counted each time: a message that is stored twice shows. */
async function recordsIn({ store }: TestArchive): Promise<number> {
  let records = 0
  for await (const item of store.log.scan()) if (item.type === 'record' && item.kind !== 'commit') records++
  return records
}

/** What the protocol transmits, read by the plainest of readers: a line that is one dot ends it, and other leading dots are doubled. */
async function rawRetrieve({ pop3Port, password }: Dovecot, user: string, count: number, verb: 'TOP' | 'RETR'): Promise<Buffer[]> {
  const socket = net.connect(pop3Port, '127.0.0.1')
  let input = ''
  socket.on('data', data => {
    input += data.toString('latin1')
  })
  const until = async (end: string) => {
    while (!input.includes(end)) await new Promise(resolve => setTimeout(resolve, 2))
    const at = input.indexOf(end) + end.length
    const got = input.slice(0, at)
    input = input.slice(at)
    return got
  }
  const messages: Buffer[] = []
  try {
    await until('\r\n')
    for (const line of [`USER ${user}`, `PASS ${password}`]) {
      socket.write(`${line}\r\n`)
      await until('\r\n')
    }
    for (let n = 1; n <= count; n++) {
      socket.write(verb === 'TOP' ? `TOP ${n} 99999999\r\n` : `RETR ${n}\r\n`)
      await until('\r\n')
      const answer = `\r\n${input}`.startsWith('\r\n.\r\n') ? await until('.\r\n') : await until('\r\n.\r\n')
      const lines = answer.slice(0, -3).split('\r\n')
      messages.push(Buffer.from(lines.map(line => (line.startsWith('.') ? line.slice(1) : line)).join('\r\n'), 'latin1'))
    }
  } finally {
    socket.destroy()
  }
  return messages
}
