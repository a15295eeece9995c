/** Mailboxes full of plausible messages for the sample server: some with attachments, some of those repeated, some messages in two mailboxes. */
import type { MailStore, StoredMessage } from '../../main/engine/demo/imap/store.ts'
import { randomOf } from './random.ts'

const WORDS = 'Umowa faktura zamówienie termin Vertrag Rechnung Grüße budget meeting delivery 合同 发票 会议 łódź żółty'.split(' ')
const PATHS = [['INBOX'], ['Sent'], ['Projekty', 'Zażółć'], ['项目', '合同'], ['Archive', '2024'], ['Trash']]

export function generatedStore({ messages, seed }: { messages: number; seed: number }): MailStore {
  const random = randomOf(seed)
  const attachments = Array.from({ length: 8 }, () => random.bytes(20_000 + random.below(60_000)))
  const mailboxes = PATHS.map(path => ({
    path,
    use: path[0] === 'Sent' ? '\\Sent' : path[0] === 'Trash' ? '\\Trash' : null,
    selectable: true,
    subscribed: true,
    uidValidity: 1_700_000_000 + random.below(1000),
    uidNext: 1,
    messages: [] as StoredMessage[],
  }))
  for (let n = 0; n < messages; n++) {
    const bytes = messageBytes(n)
    const mailbox = random.pick(mailboxes)
    place(mailbox, bytes)
    if (random.below(10) === 0) place(random.pick(mailboxes), bytes)
  }
  return { delimiter: '/', mailboxes }

  function place(mailbox: (typeof mailboxes)[number], bytes: Buffer) {
    mailbox.uidNext += random.below(3) // servers leave holes
    mailbox.messages.push({
      uid: mailbox.uidNext++,
      flags: random.below(2) ? ['\\Seen'] : random.below(5) ? [] : ['\\Flagged', '$Label1'],
      internalDate: 1_600_000_000 + random.below(150_000_000),
      zone: random.pick([0, 60, 120, -300]),
      bytes,
    })
  }

  function messageBytes(n: number): Buffer {
    const text = Array.from({ length: 20 + random.below(120) }, () => random.pick(WORDS)).join(' ')
    const head = `From: Anna <anna${random.below(40)}@latarnia.example>\r\nTo: Jan <jan@latarnia.example>\r\nSubject: ${random.pick(['Angebot', 'Umowa', 'Re: budget'])} ${n}\r\nMessage-ID: <${n}@latarnia.example>\r\nDate: Mon, 01 Jan 2024 10:00:00 +0100\r\nMIME-Version: 1.0\r\n`
    if (random.below(4) > 0)
      return Buffer.from(`${head}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${text}\r\n`)
    const body = random
      .pick(attachments)
      .toString('base64')
      .replace(/(.{76})/g, '$1\r\n')
    return Buffer.from(
      `${head}Content-Type: multipart/mixed; boundary="b${n}"\r\n\r\n--b${n}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n--b${n}\r\nContent-Type: application/pdf; name=umowa.pdf\r\nContent-Disposition: attachment; filename=umowa.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}\r\n--b${n}--\r\n`,
    )
  }
}
