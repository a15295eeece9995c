/** Mail that a person moves while a capture goes from mailbox to mailbox. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PASSWORD } from '../help/cli.ts'
import { testEngine } from '../help/engine.ts'
import { type ScriptedMailbox, startScriptedImap } from '../help/scriptedImap.ts'

const mail = (uid: number) => ({ uid, bytes: Buffer.from(`From: a@example.com\r\nSubject: Letter ${uid}\r\n\r\n${uid}\r\n`) })
const letters = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => mail(from + n))

test('messages that are moved in the middle of a capture, behind its back, are no loss', async () => {
  const old: ScriptedMailbox = { name: 'Archive', messages: letters(1, 5) }
  const inbox: ScriptedMailbox = { name: 'INBOX', messages: letters(101, 180) }
  // Each mailbox is looked at first for whether there is anything new; INBOX has one message, and is opened again. By then 70 others have gone from it.
  let looks = Number.POSITIVE_INFINITY
  const server = await startScriptedImap({
    mailboxes: [old, inbox],
    script: ({ verb, args }) => {
      if (verb === 'EXAMINE' && args.includes('INBOX') && --looks === 0) {
        const moved = inbox.messages.splice(0, 70)
        old.messages.push(...moved.map((message, n) => ({ ...message, uid: 6 + n })))
        old.uidNext = 76
      }
      return undefined
    },
  })
  const profile = await mkdtemp(join(tmpdir(), 'mailcoffer-moved-'))
  const engine = testEngine(profile)
  const { client } = engine
  try {
    await client.call('profile.create', { password: PASSWORD })
    const { id: archive } = (await client.call('archive.create', { name: 'Anna' })).archive
    const settings = { protocol: 'imap' as const, host: server.host, port: server.port, user: server.user, security: 'plain' as const }
    await client.call('account.set', { archive, settings, password: server.password })
    const capture = async () => {
      const { id } = await client.call('job.capture', { archive })
      expect(await client.call('job.wait', { job: id })).toMatchObject({ state: 'done' })
    }
    await capture()
    inbox.messages.push(mail(181))
    inbox.uidNext = 182
    looks = 2
    await capture()
    expect(looks).toBeLessThanOrEqual(0)
    expect(await client.call('archive.losses', { archive })).toEqual({ losses: [], frozen: false })
    const { mailboxes } = await client.call('archive.status', { archive })
    expect(mailboxes.find(({ name }) => name === 'Archive')).toMatchObject({ onServer: 75, stored: 75, gone: 0 })
  } finally {
    await engine.close()
    await server.close()
    await rm(profile, { recursive: true, force: true })
  }
})
