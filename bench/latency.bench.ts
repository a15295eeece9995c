/**
 * From a message's delivery on a private Dovecot to its durability in the archive. `npm run bench -- latency [messages] [already there]`: by default 40 are
 * delivered into INBOX and Sent of an account that holds 2,000; then as many where the server cannot tell of changes (no IDLE) and is asked every 5 s.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine } from '../main/engine/engine.ts'
import { type Dovecot, dovecotMissing, startDovecot } from '../test/help/dovecot.ts'

const DELIVERIES = Number(process.argv[2] ?? 40)
const THERE = Number(process.argv[3] ?? 2_000)
const POLL_S = 5
const WITHOUT_IDLE =
  'imap_capability = IMAP4rev1 ID ENABLE LITERAL+ NAMESPACE UIDPLUS LIST-EXTENDED LIST-STATUS CONDSTORE SPECIAL-USE ESEARCH SASL-IR AUTH=PLAIN'

if (dovecotMissing) process.exit(2)
report(`with IDLE`, await measure('', undefined), 2_000)
report(`without IDLE, asked every ${POLL_S} s`, await measure(WITHOUT_IDLE, POLL_S), POLL_S * 1000 + 2_000)

/** Milliseconds from the server's OK to the delivery until the commit is on disk and in the index, for each message. */
async function measure(configure: string, interval: number | undefined): Promise<number[]> {
  const dovecot = await startDovecot({ configure })
  const profile = await mkdtemp(join(tmpdir(), 'mailcoffer-latency-'))
  const engine = createEngine({ profileDir: profile, transport: 'bench' })
  try {
    return await deliveries(dovecot, engine, interval)
  } finally {
    await engine.close()
    await dovecot.stop()
    await rm(profile, { recursive: true, force: true })
  }
}

async function deliveries(dovecot: Dovecot, { client }: ReturnType<typeof createEngine>, interval: number | undefined) {
  const writer = await dovecot.writer()
  for (let i = 0; i < THERE; i++) await writer.append(i % 4 === 0 ? 'Sent' : 'INBOX', letter(`old ${i}`))
  await client.call('profile.create', { password: 'a password of the bench' })
  const { archive } = await client.call('archive.create', { name: 'Bench' })
  const settings = { protocol: 'imap' as const, host: dovecot.host, port: dovecot.imapPort, user: dovecot.user, security: 'plain' as const }
  await client.call('account.set', { archive: archive.id, settings, password: dovecot.password })

  let stored = 0
  let onStored = () => {}
  client.on('archive.changed', ({ messages }) => {
    stored += messages
    onStored()
  })
  const until = (count: number) =>
    new Promise<void>(resolve => {
      onStored = () => {
        if (stored >= count) resolve()
      }
      onStored()
    })
  await client.call('job.watch', { archive: archive.id, ...(interval !== undefined && { interval }) })
  await until(THERE)
  await new Promise(resolve => setTimeout(resolve, 2_000)) // it begins to listen

  const took: number[] = []
  for (let i = 0; i < DELIVERIES; i++) {
    await writer.append(i % 3 === 2 ? 'Sent' : 'INBOX', letter(`new ${i}`))
    const delivered = performance.now()
    await until(THERE + i + 1)
    took.push(performance.now() - delivered)
    // People do not write at the pace of a watch: a pause of another length each time, up to 1.5 s or one interval.
    await new Promise(resolve => setTimeout(resolve, ((i * 7919) % 1000) * (interval ?? 1.5)))
  }
  return took
}

function letter(subject: string): Buffer {
  return Buffer.from(
    `From: anna@example.com\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replace(' ', '.')}@example.com>\r\n\r\n${'Text. '.repeat(300)}\r\n`,
  )
}

function report(what: string, took: number[], goal: number): void {
  const sorted = [...took].sort((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!)
  console.log(`${what}: ${took.length} messages, median ${at(0.5)} ms, p95 ${at(0.95)} ms, slowest ${at(1)} ms; goal: a median below ${goal} ms`)
}
