/** A profile whose one mailbox lists as many messages as one likes: commits and an index as a capture leaves them, without the messages' bytes. */
import { createHash } from 'node:crypto'
import { indexPathOf, openArchive } from '../../main/engine/archive/openArchive.ts'
import { systemClock } from '../../main/engine/base/clock.ts'
import { createEngine } from '../../main/engine/engine.ts'
import type { Prepared } from '../../main/engine/jobs/pool/types.ts'
import { deriveArchiveKeys } from '../../main/engine/keys/archiveKeys.ts'
import { openWithRecoveryCode, readKeyring } from '../../main/engine/keys/keyring.ts'
import { parseRecoveryCode } from '../../main/engine/keys/recoveryCode.ts'
import type { Fact } from '../../main/engine/log/facts.ts'
import type { RecordId } from '../../main/engine/log/types.ts'
import { createGenerator, type Generator } from './generatedMail.ts'

const START = 1_200_000_000
const YEARS = 15 * 365 * 86_400
const BATCH = 2000

/** Answers the archive's id. */
export async function longMailbox(profileDir: string, password: string, messages: number): Promise<string> {
  const engine = createEngine({ profileDir, transport: 'bench' })
  await engine.client.call('profile.create', { password })
  const { archive, recoveryCode } = await engine.client.call('archive.create', { name: 'Bench' })
  await engine.close()
  const master = await openWithRecoveryCode(await readKeyring(archive.dir, archive.id), parseRecoveryCode(recoveryCode))
  const open = await openArchive({
    dir: archive.dir,
    keys: deriveArchiveKeys(master, archive.id),
    indexPath: indexPathOf(profileDir, archive.id),
    clock: systemClock,
    onChange: () => {},
    log: () => {},
  })
  const store = await open.store()
  await store.save(
    [],
    [
      { k: 'mailbox', mailbox: 1, path: ['INBOX'], delimiter: '/', raw: 'INBOX', role: 'inbox', selectable: true, subscribed: true, present: true },
      { k: 'epoch', epoch: 1, mailbox: 1, uidValidity: 1 },
    ],
  )
  const mail = createGenerator(7, { words: 14 })
  for (let done = 0; done < messages; ) {
    const facts: Fact[] = []
    const prepared: Prepared[] = []
    for (let i = 0; i < BATCH && done < messages; i++, done++) {
      const message = preparedOf(done, messages, mail)
      prepared.push(message)
      const date = Math.floor(message.parsed!.date! / 1000)
      facts.push({
        k: 'placed',
        epoch: 1,
        uid: done + 1,
        id: message.id,
        size: message.size,
        internalDate: date,
        zone: 60,
        flags: done % 9 ? ['\\Seen'] : [],
      })
    }
    await store.save(prepared, facts)
    if (done % 100_000 === 0) console.error(`${done} messages listed`)
  }
  store.index.flush()
  while (store.index.idle());
  await open.close()
  return archive.id
}

function preparedOf(n: number, of: number, mail: Generator): Prepared {
  const hash = createHash('sha256').update(`message ${n}`).digest()
  return {
    id: hash.toString('hex') as RecordId,
    size: 2000 + (hash.readUInt32LE(4) % 200_000),
    records: [],
    refers: [],
    // There are no bytes to read attachments from.
    parsed: { ...mail.message(n, START + Math.floor((n / of) * YEARS)), attachments: [] },
  }
}
