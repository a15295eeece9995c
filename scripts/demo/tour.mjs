/** The steps of the demo, through the same contract that the window and the command line use. Each is checked, not only shown. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bytes, count, number } from '../../main/cli/format.ts'
import { explain } from '../../main/cli/text.ts'
import { AppError, fromPlainError } from '../../main/contract/errors.ts'
import { sampleStore } from '../../main/engine/demo/sample/mailbox.ts'
import { createEngine } from '../../main/engine/engine.ts'
import { putBack } from './putBack.mjs'

const EXPORTED = 'Projekty/Muzeum Portowe'
/** Words, and in how many messages of the sample they stand. */
const WORDS = [
  ['żyrandol', 6],
  ['合同', 5],
]

/**
 * @param {{ dir: string, profile: string, password: string, signal: AbortSignal }} place
 * @returns {Promise<boolean>} whether everything came out as it should; what did not is said.
 */
export async function tour({ dir, profile, password, signal }) {
  const server = describeSample()
  const engine = createEngine({ profileDir: profile, transport: 'in-process' })
  const { client } = engine
  let right = true
  const check = (held, otherwise) => {
    if (held) return
    right = false
    console.log(`  WRONG      ${otherwise}`)
  }
  console.log('Mailcoffer, shown on a sample mailbox made for it. Your own mail and settings are not touched.\n')
  try {
    await client.call('profile.create', { password })
    say('server', `an IMAP server on 127.0.0.1 with ${count(server.messages, 'message')} in ${server.mailboxes} mailboxes, ${bytes(server.bytes)}`)

    const started = performance.now()
    const captured = await finish(client, 'job.demo', {}, signal)
    const seconds = (performance.now() - started) / 1000
    const archive = captured.result.archive
    const status = await client.call('archive.status', { archive })
    say(
      'captured',
      `every mailbox in ${seconds.toFixed(1)} s, read-only: ${count(status.messages, 'distinct message')}, ${captured.outcomes.failed} failed`,
    )
    say('stored', `${bytes(status.rawBytes)} of mail in ${bytes(status.logBytes)}: encrypted, compressed, each attachment once`)
    check(captured.outcomes.failed === 0, 'not every message could be captured')
    check(status.messages === server.distinct, `${server.distinct} distinct messages were expected`)
    check(
      status.mailboxes.every(box => box.gaps.length === 0),
      'a mailbox has gaps',
    )

    const mailboxes = await present(client, 'mailboxes', { archive })
    say('mailboxes', listOf(mailboxes))
    for (const { name, messages } of server.each) {
      const stored = mailboxes.find(box => box.name === name)?.messages
      check(stored === messages, `${name} has ${messages} messages on the server and ${stored ?? 'none'} here`)
    }

    for (const [word, expected] of WORDS) await search(client, archive, word, expected, check)

    const to = join(dir, 'export')
    const mailbox = mailboxes.find(box => box.name === EXPORTED)
    await finish(client, 'job.export', { archive, to, format: 'eml', scope: { mailboxes: [mailbox.id], which: 'all' } }, signal)
    const equal = await compareFiles(to, server.hashes.get(EXPORTED))
    say('exported', `${EXPORTED} as ${count(equal.files, 'EML file')}: ${equal.same} are byte for byte what the server holds`)
    check(equal.files === equal.same && equal.files === mailbox.messages, 'an exported file differs from the server')

    const verified = await finish(client, 'job.verify', { archive, full: true }, signal)
    say('verified', `${count(verified.result.records, 'record')} opened and read back, ${verified.result.damaged} damaged`)
    check(verified.result.damaged === 0, 'the archive is damaged')
    await putBack({ client, finish, say, check, signal })
    say('where', `archive, profile and exported files: ${dir}`)
    return right
  } catch (error) {
    throw error instanceof AppError ? new Error(sentences(error), { cause: error }) : error
  } finally {
    await engine.close()
  }
}

const say = (what, text) => console.log(`  ${what.padEnd(9)}  ${text}`)

/** What the sample server holds, from its own store: what capture is compared with. */
function describeSample() {
  const mailboxes = sampleStore().mailboxes.filter(mailbox => mailbox.selectable)
  const hashes = new Map(mailboxes.map(({ path, messages }) => [path.join('/'), messages.map(message => sha256(message.bytes))]))
  const all = mailboxes.flatMap(mailbox => mailbox.messages)
  return {
    mailboxes: mailboxes.length,
    messages: all.length,
    distinct: new Set([...hashes.values()].flat()).size,
    bytes: all.reduce((sum, message) => sum + message.bytes.byteLength, 0),
    each: mailboxes.map(({ path, messages }) => ({ name: path.join('/'), messages: messages.length })),
    hashes,
  }
}

/** Starts a job and waits for its end. Throws what it failed by. */
async function finish(client, name, input, signal) {
  const { id } = await client.call(name, input)
  const cancel = () => client.call('job.cancel', { job: id }).catch(() => {}) // it has ended already
  signal.addEventListener('abort', cancel, { once: true })
  const job = await client.call('job.wait', { job: id })
  signal.removeEventListener('abort', cancel)
  if (job.state !== 'done') throw job.error ? fromPlainError(job.error) : new AppError('cancelled', `the job was ${job.state}`)
  return job
}

/** The first value of a watch. */
function present(client, name, input) {
  return new Promise((resolve, reject) => {
    const end = client.watch(
      name,
      input,
      value => {
        resolve(value)
        queueMicrotask(() => end())
      },
      reject,
    )
  })
}

async function search(client, archive, query, expected, check) {
  const started = performance.now()
  const { rows } = await client.call('search.window', { archives: [archive], query, from: null, limit: 50 })
  const ms = performance.now() - started
  const newest = rows[0] ? `, the newest: "${rows[0].subject}"` : ''
  say('searched', `${query}: ${count(rows.length, 'message')} in ${ms.toFixed(1)} ms${newest}`)
  check(rows.length === expected, `${query} stands in ${expected} messages`)
}

function listOf(mailboxes) {
  const shown = mailboxes.filter(box => box.messages > 0).sort((left, right) => right.messages - left.messages)
  const names = shown.slice(0, 6).map(box => `${box.name} ${number(box.messages)}`)
  const more = mailboxes.length - names.length
  return `${names.join(' · ')}${more > 0 ? ` · and ${more} more` : ''}`
}

async function compareFiles(dir, hashes) {
  const names = (await readdir(dir, { recursive: true })).filter(name => name.endsWith('.eml'))
  const left = [...hashes]
  let same = 0
  for (const name of names) {
    const at = left.indexOf(sha256(await readFile(join(dir, name))))
    if (at < 0) continue
    left.splice(at, 1)
    same++
  }
  return { files: names.length, same }
}

const sha256 = data => createHash('sha256').update(data).digest('hex')

function sentences(error) {
  const { happened, safe, todo } = explain(error)
  return `${happened} (${error.code})\n  ${safe}\n  ${todo}`
}
