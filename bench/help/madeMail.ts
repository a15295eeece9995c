/** Mailboxes that a bench needs and no corpus has: very many short messages; one that is very large. Written as Maildir, which Dovecot serves as it is. */
import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { randomOf } from '../../test/help/random.ts'
import { createGenerator } from './generatedMail.ts'

const START = 1_200_000_000
const MAILBOXES = 20

/** The Maildir of that name beside the corpora; made where there is none. */
export function findMade(name: string, corpora: string | undefined, make: (dir: string) => void): string {
  const dir = resolve(corpora ?? join(existsSync('/var/tmp') ? '/var/tmp' : tmpdir(), 'mailcoffer-corpora'), name)
  if (existsSync(dir)) return dir
  console.log(`making ${dir} …`)
  mkdirSync(`${dir}.part`, { recursive: true })
  make(`${dir}.part`)
  // Dovecot refuses uid 0 for mail, and serves it as nobody
  if (userInfo().uid === 0) execFileSync('chown', ['-R', 'nobody', `${dir}.part`])
  renameSync(`${dir}.part`, dir)
  return dir
}

/** In 20 mailboxes. */
export function shortMessages(dir: string, messages: number): void {
  const mail = createGenerator(3)
  for (let n = 0; n < MAILBOXES; n++) folders(join(dir, n === 0 ? '' : `.Mailbox ${n}`))
  for (let n = 0; n < messages; n++) {
    const at = START + n * 300
    const { from, fts, rfcMessageId } = mail.message(n, at)
    const text = `From: ${from[0]!.name} <${from[0]!.address}>\r\nTo: me@example.org\r\nSubject: number ${n} ${fts.subject}\r\nMessage-ID: <${rfcMessageId}>\r\nDate: ${new Date(at * 1000).toUTCString().replace('GMT', '+0000')}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${fts.body}\r\n`
    const mailbox = n % MAILBOXES
    writeFileSync(join(dir, mailbox === 0 ? '' : `.Mailbox ${mailbox}`, 'cur', `${at}.M${n}P1.bench:2,S`), text)
  }
}

/** An attachment in base64 that does not compress. */
export function largeMessage(dir: string, bytes: number): void {
  folders(dir)
  const file = openSync(join(dir, 'cur', `${START}.M1P1.bench:2,S`), 'w')
  const head =
    'From: a@example.com\r\nSubject: large\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=part\r\n\r\n--part\r\n\r\nwords\r\n--part\r\nContent-Type: application/zip; name=large.zip\r\nContent-Disposition: attachment; filename=large.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n'
  const block = Buffer.from(
    randomOf(200)
      .bytes(57 * 1024)
      .toString('base64')
      .replace(/(.{76})/g, '$1\r\n'),
  )
  writeSync(file, head)
  for (let at = head.length; at + block.length < bytes; at += block.length) {
    // Each block another one, so that nothing is stored once for all.
    block.write(Buffer.from([at >>> 24, at >>> 16, at >>> 8]).toString('base64'), 0, 'latin1')
    writeSync(file, block)
  }
  writeSync(file, '--part--\r\n')
  closeSync(file)
}

function folders(dir: string): void {
  for (const sub of ['cur', 'new', 'tmp']) mkdirSync(join(dir, sub), { recursive: true })
}
