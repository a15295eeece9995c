/** A random history of a mail account: what people, filters and administrators do to it. The same seed gives the same operations. */
import { chmodSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ImapFlow } from 'imapflow'
import type { Dovecot } from '../dovecot.ts'
import { type Random, randomOf } from '../random.ts'

export interface History {
  /** Does one thing to the server. `quiet`: none that only an administrator does while nobody is connected. */
  step(quiet?: boolean): Promise<void>
  /** What was done, newest last: for whoever has to find out why. */
  done: string[]
  /** Whether the server cannot read the message, told by its size: each that is spoiled has one that no other message has. */
  isSpoiled(size: number): boolean
}

const SPOILED = 60_000

export async function createHistory(server: Dovecot, seed: number): Promise<History> {
  let writer: ImapFlow = await server.writer()
  const random = randomOf(seed)
  const made: Buffer[] = []
  const done: string[] = []
  const names = ['INBOX', 'Sent', 'Trash']
  let count = 0
  let spoiled = 0
  const mended = new Set<number>()
  let validity = 2_100_000_000

  const newMail = (): Buffer => {
    const mail = mailOf(random, ++count)
    made.push(mail)
    if (made.length > 200) made.shift()
    return mail
  }

  const append = (name: string, mail: Buffer) =>
    writer.append(name, mail, flags(), new Date(Date.UTC(2015 + random.below(10), random.below(12), 1 + random.below(28), random.below(24))))

  const flags = () => ['\\Seen', '\\Flagged', '\\Answered', '$Forwarded', 'Rechnung'].filter(() => random.next() < 0.3)

  /** One to five messages of a mailbox; none where it is empty. */
  const some = async (act: (uids: string) => Promise<unknown>) => {
    await writer.mailboxOpen(random.pick(names))
    const uids = (await writer.search({ all: true }, { uid: true })) || []
    if (uids.length === 0) return
    const from = random.below(uids.length)
    await act(uids.slice(from, from + 1 + random.below(5)).join(','))
  }

  /** Closed first: a server may end the session whose mailbox is taken away. */
  const closed = async () => {
    if (writer.mailbox) await writer.mailboxClose()
  }

  const newName = () => `${random.pick(['', '', 'Projekte/', 'Ärger & Co/'])}${random.pick(['Kunde', 'kunde', '合同', 'List'])} ${++count}`

  const create = async (name: string) => {
    await writer.mailboxCreate(name)
    names.push(name)
  }

  const ours = () => names.slice(3)

  const rename = async () => {
    if (ours().length === 0) return
    const from = random.pick(ours())
    const to = newName()
    await closed()
    await writer.mailboxRename(from, to)
    names[names.indexOf(from)] = to
  }

  const remove = async (again: boolean) => {
    if (ours().length === 0) return
    const name = random.pick(ours())
    await closed()
    await writer.mailboxDelete(name)
    if (again) await writer.mailboxCreate(name)
    else names.splice(names.indexOf(name), 1)
  }

  const inboxFiles = () =>
    ['cur', 'new'].flatMap(sub => readdirSync(join(server.maildirOf(server.user), sub)).map(name => join(server.maildirOf(server.user), sub, name)))

  /** The server has it, and cannot read it: a bad sector, a lost right, a bug. */
  const spoil = async () => {
    const before = new Set(inboxFiles())
    await append('INBOX', spoiledMail(++spoiled))
    for (const file of inboxFiles()) if (!before.has(file)) chmodSync(file, 0o000)
  }

  const mend = async () => {
    for (const file of inboxFiles()) {
      const size = Number(/,W=(\d+)/.exec(file)?.[1] ?? 0)
      if (size < SPOILED || random.next() < 0.5) continue
      chmodSync(file, 0o600)
      mended.add(size)
    }
  }

  const renumber = async () => {
    const name = random.pick(names)
    await closed()
    server.doveadm('mailbox', 'update', '-u', server.user, '--uid-validity', String(++validity), name)
  }

  const steps: [weight: number, name: string, step: () => Promise<unknown>][] = [
    [38, 'append', () => append(random.pick(names), newMail())],
    [5, 'append again', () => append(random.pick(names), made.length > 0 ? random.pick(made) : newMail())],
    [12, 'delete', () => some(uids => writer.messageDelete(uids, { uid: true }))],
    [10, 'move', () => some(uids => writer.messageMove(uids, random.pick(names), { uid: true }))],
    [7, 'copy', () => some(uids => writer.messageCopy(uids, random.pick(names), { uid: true }))],
    [14, 'flag', () => some(uids => writer.messageFlagsSet(uids, flags(), { uid: true }))],
    [3, 'create', () => create(newName())],
    [3, 'rename', rename],
    [2, 'remove', () => remove(false)],
    [2, 'make again', () => remove(true)],
    [2, 'spoil', spoil],
    [1, 'mend', mend],
  ]
  const administration: typeof steps = [[2, 'new UIDVALIDITY', renumber]]

  return {
    done,
    isSpoiled: size => size >= SPOILED && size <= SPOILED + spoiled && !mended.has(size),
    step: async quiet => {
      const [name, step] = weighted(quiet ? [...steps, ...administration] : steps, random)
      done.push(name)
      try {
        await step()
      } catch (error) {
        // A server may refuse, or hang up (over a file it cannot read, say); what it has then, it says.
        if (!writer.usable) writer = await server.writer()
        done.push(`${name} was refused: ${(error as { responseText?: string }).responseText}`)
        const { length } = names
        const there = (await writer.list()).filter(({ flags }) => !flags.has('\\Noselect')).map(({ path }) => path)
        names.splice(0, length, 'INBOX', 'Sent', 'Trash', ...there.filter(path => !['INBOX', 'Sent', 'Trash', 'Junk', 'Drafts'].includes(path)))
      }
    },
  }
}

function weighted<T>(from: [weight: number, name: string, step: T][], random: Random): [string, T] {
  let at = random.below(from.reduce((sum, [weight]) => sum + weight, 0))
  for (const [weight, name, step] of from) {
    if (at < weight) return [name, step]
    at -= weight
  }
  throw new Error('no step')
}

const attachment = Buffer.from(randomOf(99).bytes(30_000)).toString('base64').replace(/.{76}/g, '$&\r\n')

/** Most are short; some without Message-ID, some with an attachment that all of them share, some that are hardly mail. */
function mailOf(random: Random, n: number): Buffer {
  if (random.next() < 0.05) return Buffer.from(`x${n}\r\n`)
  const id = random.next() < 0.1 ? '' : `Message-ID: <${n}@example.com>\r\n`
  const head = `From: anna@example.com\r\nSubject: number ${n}\r\n${id}`
  if (random.next() < 0.1)
    return Buffer.from(`${head}Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\nX-Number: ${n}\r\n\r\n${attachment}\r\n`)
  return Buffer.from(`${head}\r\n${'Some words of it.\r\n'.repeat(1 + random.below(100))}`)
}

const spoiledMail = (n: number) => Buffer.from(`Subject: spoiled ${n}\r\n\r\n${'x'.repeat(70)}\r\n`.padEnd(SPOILED + n, 'y'))
