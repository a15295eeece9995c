/** What the archive is for: another program deletes mail on the server, the archive puts it back, and takes it away again when asked. */
import { createHash } from 'node:crypto'
import { ImapFlow } from 'imapflow'
import { count } from '../../main/cli/format.ts'
import { nameOf } from '../../main/engine/demo/imap/store.ts'
import { sampleStore } from '../../main/engine/demo/sample/mailbox.ts'
import { startSampleServer } from '../../main/engine/demo/sampleServer.ts'

const FOLDER = 'Projekty/Muzeum Portowe'
const FROM_INBOX = 12

/**
 * @param {{ client: import('../../main/contract/contract.ts').EngineClient, finish: Function, say: Function, check: Function, signal: AbortSignal }} tour
 */
export async function putBack({ client, finish, say, check, signal }) {
  const store = { ...sampleStore(), writable: true }
  const server = await startSampleServer(store)
  try {
    const { archive } = await client.call('archive.create', { name: 'Put back' })
    const { host, port, user, password } = server
    const settings = { protocol: 'imap', security: 'plain', host, port, user }
    await client.call('account.set', { archive: archive.id, settings, password })
    await finish(client, 'job.capture', { archive: archive.id }, signal)
    const before = contentOf(store)

    await deleteMail(server)
    const deleted = before.length - contentOf(store).length
    await finish(client, 'job.capture', { archive: archive.id }, signal)
    say('deleted', `by another program, on a server that can be written to: the folder ${FOLDER} and ${FROM_INBOX} letters of the inbox`)

    const request = { archive: archive.id, scope: { which: 'gone' }, target: { kind: 'own' } }
    const planned = await finish(client, 'job.restorePlan', request, signal)
    check(planned.result.add === deleted, `${deleted} messages were deleted, and ${planned.result.add} would be put back`)
    const restored = await finish(client, 'job.restore', request, signal)
    const equal = same(contentOf(store), before)
    say(
      'put back',
      `${count(restored.outcomes.added, 'message')}, each fetched back and compared: the server ${equal ? 'holds again exactly what it held' : 'differs'}`,
    )
    check(equal && restored.result.verified === deleted && restored.outcomes.failed === 0, 'the server does not hold what it held before')

    const again = await finish(client, 'job.restore', request, signal)
    check(again.outcomes.added === 0, 'a second restore put something in twice')
    const undone = await finish(client, 'job.undoRestore', { restore: restored.result.restore }, signal)
    check(contentOf(store).length === before.length - deleted, 'the undo did not take away what was put back')
    say('undone', `${count(undone.result.removed, 'message')} taken away again, nothing else; and once more put back, none twice`)
    await finish(client, 'job.restore', request, signal)
    check(same(contentOf(store), before), 'the server does not hold what it held before')
  } finally {
    await server.close()
  }
}

async function deleteMail({ host, port, user, password }) {
  const other = new ImapFlow({ host, port, secure: false, doSTARTTLS: false, auth: { user, pass: password }, logger: false })
  await other.connect()
  await other.mailboxDelete(FOLDER)
  await other.mailboxOpen('INBOX')
  await other.messageDelete(`1:${FROM_INBOX}`)
  await other.logout()
}

/** Mailbox, bytes, flags and date of everything the server holds. */
const contentOf = store =>
  store.mailboxes
    .flatMap(mailbox =>
      mailbox.messages.map(({ bytes, flags, internalDate }) =>
        [nameOf(store, mailbox), createHash('sha256').update(bytes).digest('hex'), [...flags].sort(), internalDate].join(' '),
      ),
    )
    .sort()

const same = (one, other) => one.length === other.length && one.every((line, at) => line === other[at])
