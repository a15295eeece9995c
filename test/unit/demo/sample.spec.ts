import { createHash } from 'node:crypto'
import PostalMime, { type Email } from 'postal-mime'
import { beforeAll, describe, expect, it } from 'vitest'
import { type MailStore, nameOf, type StoredMessage } from '../../../main/engine/demo/imap/store.ts'
import { sampleStore } from '../../../main/engine/demo/sample/mailbox.ts'

interface Read {
  box: string
  message: StoredMessage
  mail: Email
}

let store: MailStore
let all: Read[]

beforeAll(async () => {
  store = sampleStore()
  all = []
  for (const mailbox of store.mailboxes) {
    for (const message of mailbox.messages)
      all.push({ box: nameOf(store, mailbox), message, mail: await PostalMime.parse(Uint8Array.from(message.bytes)) })
  }
})

const find = (part: string) => {
  const found = all.find(one => one.mail.subject?.includes(part))
  if (!found) throw new Error(`no message about ${part}`)
  return found.mail
}

describe('the sample mailbox', () => {
  it('is the same, byte for byte, every time it is made, on every computer', () => {
    expect(fingerprint(sampleStore())).toBe(fingerprint(store))
    // After a change to the sample: look at what changed, then put the new value here
    expect(fingerprint(store)).toBe('d7d0902938aa437f1b2a0293399d682c094cfd26253629a8fe0e467c55210a26')
  })

  it('has a few hundred messages over several years', () => {
    expect(all.length).toBeGreaterThan(300)
    const years = new Set(all.map(one => new Date(one.message.internalDate * 1000).getUTCFullYear()))
    expect([...years].sort()).toEqual([2019, 2020, 2021, 2022, 2023, 2024, 2025])
    expect(new Set(all.map(one => one.message.zone)).size).toBeGreaterThan(3)
  })

  it('names nobody: every address and every link lies in a domain reserved for examples', () => {
    const reserved = /(^|\.)(example|invalid|test)$|(^|\.)example\.(com|net|org)$/i
    const foreign = new Set<string>()
    for (const { message, mail } of all) {
      const shown = `${mail.text ?? ''}\n${mail.html ?? ''}\n${Buffer.from(message.bytes).toString('latin1').replaceAll('=\r\n', '')}`
      for (const [, domain] of shown.matchAll(/(?:@|https?:\/\/|src=["']?\/\/)([a-z0-9-]+(?:\.[a-z0-9-]+)+)/gi))
        if (domain && !reserved.test(domain)) foreign.add(domain)
    }
    // Namespaces of Office documents are names, not links
    foreign.delete('schemas.openxmlformats.org')
    expect([...foreign]).toEqual([])
  })

  it('UIDs ascend, with holes, below UIDNEXT', () => {
    for (const mailbox of store.mailboxes) {
      const uids = mailbox.messages.map(message => message.uid)
      expect(uids).toEqual([...new Set(uids)].sort((left, right) => left - right))
      expect(mailbox.uidNext).toBeGreaterThan(uids.at(-1) ?? 0)
    }
    expect(store.mailboxes.some(mailbox => mailbox.uidNext > mailbox.messages.length + 5)).toBe(true)
  })

  it('has nested mailboxes, names in other alphabets, roles, one that only holds others and one that is not subscribed', () => {
    expect(store.mailboxes.map(mailbox => mailbox.use).filter(Boolean)).toEqual(['\\Drafts', '\\Sent', '\\Archive', '\\Junk', '\\Trash'])
    expect(store.mailboxes.filter(mailbox => !mailbox.selectable).map(mailbox => nameOf(store, mailbox))).toContain('Projekty')
    expect(store.mailboxes.filter(mailbox => !mailbox.selectable).every(mailbox => mailbox.messages.length === 0)).toBe(true)
    expect(store.mailboxes.filter(mailbox => !mailbox.subscribed).map(mailbox => nameOf(store, mailbox))).toEqual(['Serwer'])
    for (const letters of [/\p{Script=Han}/u, /\p{Script=Cyrillic}/u, /[żółą]/, /&/])
      expect(store.mailboxes.some(mailbox => letters.test(nameOf(store, mailbox)))).toBe(true)
  })

  it.each([
    ['iso-8859-2', 'Światło do premiery', 'żeby scena wyglądała jak jezioro o świcie'],
    ['windows-1250', 'Żyrandol', 'podlega ochronie'],
    ['windows-1252', 'Vorschaltgeräte', 'Sehr geehrte Frau Marczak, dafür empfehle ich'],
    ['gb18030', 'LH-240', '轨道射灯的规格书'],
    ['shift_jis', '和紙ランタン', 'お見積りをお送りいたします'],
    ['koi8-r', 'Освещение для выставки', 'Мы готовим выставку акварели'],
  ])('speaks %s, and is understood', (charset, subject, words) => {
    const mail = all.find(one => one.mail.subject?.includes(subject) && one.mail.text?.replace(/\s+/g, ' ').includes(words))
    expect(mail).toBeDefined()
    expect(Buffer.from(mail?.message.bytes ?? []).toString('latin1')).toContain(`charset=${charset}`)
  })

  it('its conversations hang together: every reply names a message that is there', () => {
    const ids = new Set(all.map(one => one.mail.messageId))
    const replies = all.filter(one => one.mail.inReplyTo)
    expect(replies.length).toBeGreaterThan(60)
    for (const reply of replies) for (const id of (reply.mail.references ?? '').split(/\s+/)) expect(ids).toContain(id)
  })

  it('its files are real, and some are sent again and again', () => {
    const files = all.flatMap(one => one.mail.attachments)
    const copies = (part: string) => files.filter(file => file.filename?.includes(part)).map(file => hash(file.content as ArrayBuffer))
    expect(copies('lighting contract').length).toBeGreaterThanOrEqual(4)
    expect(new Set(copies('lighting contract')).size).toBe(1)
    expect(copies('gallery-2-drawings').length).toBeGreaterThanOrEqual(5)
    const starts = new Map(
      files.map(file => [
        file.mimeType,
        Buffer.from(file.content as ArrayBuffer)
          .subarray(0, 8)
          .toString('latin1'),
      ]),
    )
    expect(starts.get('image/png')).toBe('\x89PNG\r\n\x1a\n')
    expect(starts.get('text/vcard')).toBe('BEGIN:VC')
    expect(starts.get('text/calendar')).toBe('BEGIN:VC')
    expect(starts.get('application/zip')?.startsWith('PK\x03\x04')).toBe(true)
    expect(files.some(file => file.mimeType === 'message/rfc822')).toBe(true)
  })

  it('has the same message in two mailboxes', () => {
    const seen = new Map<string, number>()
    for (const one of all) seen.set(hash(one.message.bytes), (seen.get(hash(one.message.bytes)) ?? 0) + 1)
    expect([...seen.values()].some(count => count === 2)).toBe(true)
  })

  it('flags and keywords vary', () => {
    const flags = new Set(all.flatMap(one => one.message.flags))
    for (const flag of ['\\Seen', '\\Answered', '\\Flagged', '\\Draft', '\\Deleted', '$Important', '$Forwarded', 'premiera'])
      expect(flags).toContain(flag)
  })

  it('has mail as it should not be', () => {
    const raw = all.map(one => Buffer.from(one.message.bytes).toString('latin1'))
    expect(raw.some(text => !/^date:/im.test(text))).toBe(true)
    expect(raw.some(text => !text.includes('\r\n'))).toBe(true)
    expect(raw.some(text => text.split('\n').some(line => line.length > 20_000))).toBe(true)
    expect(raw.some(text => /^Subject: [^\r\n]*[\x80-\xff]/m.test(text))).toBe(true)
    expect(raw.some(text => text.includes('boundary="kable"') && !text.includes('--kable--'))).toBe(true)
    expect(raw.some(text => text.includes('\0'))).toBe(true)
    expect(find('account will be closed').html).toContain('<script>')
  })
})

function fingerprint(made: MailStore): string {
  const whole = createHash('sha256')
  for (const mailbox of made.mailboxes) {
    const { messages, ...rest } = mailbox
    whole.update(JSON.stringify(rest))
    for (const { bytes, ...facts } of messages) whole.update(JSON.stringify(facts)).update(bytes)
  }
  return whole.digest('hex')
}

function hash(bytes: ArrayBuffer | Uint8Array): string {
  return createHash('sha256')
    .update(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes))
    .digest('hex')
}
