/** Mail that comes as few servers send it: piece by piece, or not to its end. */
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../../main/engine/base/clock.ts'
import { captureOnce, type TestArchive, testArchive } from '../../help/captures.ts'
import { type ScriptedImap, startScriptedImap } from '../../help/scriptedImap.ts'

let server: ScriptedImap
let archive: TestArchive
afterEach(async () => {
  await server.close()
  await archive.close()
})

test('a message is durable a second after it came, though the next one does not come to its end', { timeout: 30_000 }, async () => {
  const mail = (uid: number) => ({ uid, bytes: Buffer.from(`Subject: number ${uid}\r\nMessage-ID: <${uid}@example.com>\r\n\r\nx\r\n`) })
  server = await startScriptedImap({
    mailboxes: [{ name: 'INBOX', messages: [mail(1), mail(2)] }],
    // The second message stops in its middle, and the connection stands.
    script: ({ verb, args }) => {
      if (verb !== 'UID FETCH' || !args.includes('BODY.PEEK[]')) return undefined
      const whole = mail(1).bytes.toString('latin1')
      const date = 'INTERNALDATE "01-Jan-2024 10:00:00 +0100"'
      const first = `* 1 FETCH (UID 1 FLAGS () ${date} RFC822.SIZE ${whole.length} BODY[] {${whole.length}}\r\n${whole})\r\n`
      return { send: [`${first}* 2 FETCH (UID 2 FLAGS () ${date} RFC822.SIZE 500 BODY[] {500}\r\nSubject: `], end: 'nothing' }
    },
  })
  archive = await testArchive()
  const end = new AbortController()
  const { host, port, user, password } = server
  const capture = captureOnce({ archive, settings: { host, port, user }, password, clock: systemClock, signal: end.signal }).catch(() => {})
  try {
    await expect.poll(async () => (await archive.factsOf('placed')).map(({ uid }) => uid), { interval: 50, timeout: 15_000 }).toEqual([1])
  } finally {
    end.abort()
    await capture
  }
})

test('what a server says of a message in two answers belongs together', async () => {
  const bytes = Buffer.from('Subject: in two\r\nMessage-ID: <two@example.com>\r\n\r\nx\r\n')
  const first = `* 1 FETCH (UID 1 FLAGS (\\Flagged) INTERNALDATE "01-Jan-2024 10:00:00 +0100" RFC822.SIZE ${bytes.length})\r\n`
  server = await startScriptedImap({
    mailboxes: [{ name: 'INBOX', messages: [{ uid: 1, bytes }] }],
    script: ({ verb, args }) =>
      verb === 'UID FETCH' && args.includes('BODY.PEEK[]')
        ? { send: [first, `* 1 FETCH (UID 1 BODY[] {${bytes.length}}\r\n`, bytes, ')\r\n'] }
        : undefined,
  })
  archive = await testArchive()
  const { host, port, user, password } = server
  await captureOnce({ archive, settings: { host, port, user }, password })
  expect(await archive.factsOf('placed')).toMatchObject([{ uid: 1, flags: ['\\Flagged'], internalDate: Date.UTC(2024, 0, 1, 9) / 1000, zone: 60 }])
})
