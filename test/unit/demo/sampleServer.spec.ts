import { connect } from 'node:net'
import { ImapFlow, type ListResponse } from 'imapflow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeName } from '../../../main/engine/demo/imap/mailboxName.ts'
import { nameOf } from '../../../main/engine/demo/imap/store.ts'
import { sampleStore } from '../../../main/engine/demo/sample/mailbox.ts'
import { type SampleServer, startSampleServer } from '../../../main/engine/demo/sampleServer.ts'

const store = sampleStore()
let server: SampleServer

beforeAll(async () => {
  server = await startSampleServer(store)
})
afterAll(() => server.close())

describe('the sample server, met with imapflow', () => {
  it('gives every mailbox, and of each message the very bytes, flags and date', async () => {
    const client = await signIn()
    const listed = await client.list()
    const wanted = store.mailboxes.map(mailbox => nameOf(store, mailbox))
    expect(listed.map(one => one.path).sort()).toEqual([...wanted].sort())
    for (const mailbox of store.mailboxes) {
      const one = listed.find(entry => entry.path === nameOf(store, mailbox)) as ListResponse
      expect(one.subscribed).toBe(mailbox.subscribed ? true : undefined)
      expect(one.flags.has('\\Noselect')).toBe(!mailbox.selectable)
      expect(one.pathAsListed).toBe(encodeName(nameOf(store, mailbox)))
      if (mailbox.use) expect(one.specialUse).toBe(mailbox.use)
      if (!mailbox.selectable) continue
      const opened = await client.mailboxOpen(one.path, { readOnly: true })
      expect([opened.exists, opened.uidNext, Number(opened.uidValidity), opened.readOnly]).toEqual([
        mailbox.messages.length,
        mailbox.uidNext,
        mailbox.uidValidity,
        true,
      ])
      expect(await client.search({ all: true }, { uid: true })).toEqual(mailbox.messages.map(message => message.uid))
      if (mailbox.messages.length === 0) continue
      let at = 0
      for await (const got of client.fetch('1:*', { uid: true, flags: true, internalDate: true, size: true, source: true }, { uid: true })) {
        const message = mailbox.messages[at++]
        expect(got.uid).toBe(message?.uid)
        expect([...(got.flags ?? [])].sort()).toEqual([...(message?.flags ?? [])].sort())
        expect(new Date(got.internalDate as Date).getTime()).toBe((message?.internalDate ?? 0) * 1000)
        expect(got.size).toBe(message?.bytes.byteLength)
        expect(Buffer.compare(got.source as Buffer, message?.bytes as Uint8Array)).toBe(0)
      }
      expect(at).toBe(mailbox.messages.length)
    }
    await client.logout()
  })

  it('gives one message in pieces', async () => {
    const client = await signIn()
    await client.mailboxOpen('Projekty/Muzeum Portowe', { readOnly: true })
    const mailbox = store.mailboxes.find(one => nameOf(store, one) === 'Projekty/Muzeum Portowe')
    const large = mailbox?.messages.find(message => message.bytes.byteLength > 500_000)
    const { content } = await client.download(String(large?.uid), undefined, { uid: true, chunkSize: 100_000 })
    const pieces: Buffer[] = []
    for await (const piece of content ?? []) pieces.push(piece as Buffer)
    expect(Buffer.compare(Buffer.concat(pieces), large?.bytes as Uint8Array)).toBe(0)
    await client.logout()
  })

  it('refuses a wrong password', async () => {
    await expect(signIn('wrong')).rejects.toMatchObject({ authenticationFailed: true })
  })

  it('takes no change of any kind', async () => {
    const client = await signIn()
    await client.mailboxOpen('INBOX')
    const before = await client.status('INBOX', { messages: true, unseen: true })
    const refused = await Promise.allSettled([
      client.append('INBOX', 'Subject: no\r\n\r\nno\r\n'),
      client.mailboxCreate('New'),
      client.messageFlagsAdd('1:*', ['\\Deleted']),
      client.messageDelete('1:*'),
      client.messageMove('1', 'Trash'),
    ])
    expect(refused.every(one => one.status === 'rejected' || one.value === false || one.value === undefined)).toBe(true)
    expect(await client.status('INBOX', { messages: true, unseen: true })).toEqual(before)
    await client.logout()
  })

  it('rests in IDLE and wakes again', async () => {
    const client = await signIn()
    await client.mailboxOpen('INBOX', { readOnly: true })
    const idling = client.idle()
    await client.noop()
    await idling
    expect(await client.status('INBOX', { messages: true })).toMatchObject({ messages: store.mailboxes[0]?.messages.length })
    await client.logout()
  })

  it('has another password at every start', async () => {
    const other = await startSampleServer(store)
    expect(other.password).not.toBe(server.password)
    expect(other.port).not.toBe(server.port)
    await other.close()
    await other.close()
  })

  it('closing it ends the connections that are open', async () => {
    const other = await startSampleServer(store)
    const client = await signIn(other.password, other)
    const closed = new Promise<void>(resolve => client.once('close', () => resolve()))
    await other.close()
    await closed
  })
})

describe('the sample server, met by hand', () => {
  it('answers command by command as RFC 9051 says', async () => {
    const inbox = store.mailboxes[0]
    const first = inbox?.messages[0]
    const hand = await talk()
    expect(await hand.say('a CAPABILITY')).toContain('* CAPABILITY IMAP4rev1 ')
    expect(await hand.say('b SELECT INBOX')).toBe('b BAD not while not authenticated\r\n')
    expect(await hand.say(`c LOGIN {${server.user.length}+}\r\n${server.user} "${server.password}"`)).toContain('c OK')
    expect(await hand.say('d LIST "" ""')).toContain('* LIST (\\Noselect) "/" ""')
    expect(await hand.say('e LIST "" (INBOX "Arch%") RETURN (STATUS (MESSAGES))')).toMatch(
      /^\* LIST \(\\HasNoChildren\) "\/" "INBOX"\r\n\* STATUS "INBOX" \(MESSAGES \d+\)\r\n\* LIST \(\\HasChildren \\Archive\) "\/" "Archive"\r\n\* STATUS "Archive" \(MESSAGES 0\)\r\ne OK/,
    )
    expect(await hand.say('f LIST (SUBSCRIBED) "" "Serwer"')).toBe('f OK done\r\n')
    expect(await hand.say('g LSUB "" "Pro%"')).toContain('* LSUB (\\Noselect) "/" "Projekty"')
    expect(await hand.say('h EXAMINE Projekty')).toContain('h NO [CANNOT]')
    expect(await hand.say('i EXAMINE nowhere')).toContain('i NO [NONEXISTENT]')
    expect(await hand.say('j FETCH 1 FLAGS')).toBe('j BAD not while authenticated\r\n')
    expect(await hand.say('k examine inbox')).toMatch(/\* \d+ EXISTS\r\n.*\* OK \[UIDVALIDITY \d+\].*k OK \[READ-ONLY\]/s)
    expect(await hand.say('l UID SEARCH RETURN (MIN MAX COUNT) ALL')).toMatch(/^\* ESEARCH UID MIN \d+ MAX \d+ COUNT \d+\r\nl OK/)
    expect(await hand.say('m UID SEARCH UID 1:* NOT SEEN')).toMatch(/^\* SEARCH( \d+)+\r\nm OK/)
    expect(await hand.say('n SEARCH RETURN () UID 999999')).toBe('* ESEARCH\r\nn OK done\r\n')
    expect(await hand.say('o SEARCH SINCE 1-Jan-2019 BEFORE 2-Jan-2019')).toBe('* SEARCH\r\no OK done\r\n')
    expect(await hand.say(`p UID FETCH ${first?.uid} (FLAGS BODY.PEEK[]<0.10>)`)).toMatch(
      /^\* 1 FETCH \(UID \d+ FLAGS \(.*\) BODY\[\]<0> \{10\}\r\n.{10}\)\r\np OK/s,
    )
    expect(await hand.say('q FETCH 1 BODY.PEEK[HEADER.FIELDS (SUBJECT)]')).toMatch(
      /BODY\[HEADER\.FIELDS \(SUBJECT\)\] \{\d+\}\r\nSubject: .*\r\n\r\n\)/s,
    )
    expect(await hand.say('r FETCH 99999 FLAGS')).toContain('r BAD')
    expect(await hand.say('s UID FETCH 99999:99998 FLAGS')).toMatch(/^(\* .*)?s OK/s)
    expect(await hand.say('t FETCH 1 ENVELOPE')).toContain('t BAD')
    expect(await hand.say('u STORE 1 +FLAGS (\\Seen)')).toContain('u NO [NOPERM]')
    expect(await hand.say('v UNSELECT')).toContain('v OK')
    expect(await hand.say('w CONSTRUCTOR')).toContain('w BAD')
    expect(await hand.say('x UID LOGOUT')).toContain('x BAD')
    expect(await hand.say('y (')).toContain('BAD')
    expect(await hand.say('z LOGOUT')).toMatch(/^\* BYE .*\r\nz OK/)
    await hand.gone
  })

  it('AUTHENTICATE PLAIN works with and without an initial response', async () => {
    const response = Buffer.from(`\0${server.user}\0${server.password}`).toString('base64')
    const inline = await talk()
    expect(await inline.say(`a AUTHENTICATE PLAIN ${response}`)).toContain('a OK')
    inline.end()
    const asked = await talk()
    expect(await asked.say('a AUTHENTICATE PLAIN', /^\+ /m)).toBe('+ \r\n')
    expect(await asked.say(response, /^a /m)).toContain('a OK')
    asked.end()
  })

  it('three wrong passwords, and the line is dead', async () => {
    const hand = await talk()
    expect(await hand.say('a LOGIN x y')).toContain('a NO [AUTHENTICATIONFAILED]')
    expect(await hand.say('b LOGIN x y')).toContain('b NO')
    expect(await hand.say('c LOGIN x y')).toContain('* BYE')
    await hand.gone
  })

  it('a line without an end is answered with BYE', async () => {
    const hand = await talk()
    expect(await hand.say('x'.repeat(100_000), /BYE/)).toContain('* BYE [TOOBIG]')
    await hand.gone
  })
})

async function signIn(password = server.password, at = server): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: at.host,
    port: at.port,
    secure: false,
    doSTARTTLS: false,
    auth: { user: at.user, pass: password },
    logger: false,
  })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** A connection typed by hand: says a line, gets all that comes until the tagged answer. */
async function talk() {
  const socket = connect(server.port, server.host)
  let heard = ''
  let wake = () => {}
  socket.on('data', data => {
    heard += data.toString('latin1')
    wake()
  })
  const gone = new Promise<void>(resolve => socket.once('close', () => resolve()))
  const until = async (pattern: RegExp) => {
    while (!pattern.test(heard)) await new Promise<void>(resolve => (wake = resolve))
    const all = heard
    heard = ''
    return all
  }
  expect(await until(/\r\n/)).toMatch(/^\* OK \[CAPABILITY IMAP4rev1 /)
  const say = (line: string, answer = new RegExp(`^(${line.split(' ')[0]}|\\*) (OK|NO|BAD) .*\\r\\n$`, 'm')) => {
    socket.write(`${line}\r\n`, 'latin1')
    return until(answer)
  }
  return { say, gone, end: () => socket.destroy() }
}
