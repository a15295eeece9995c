/** Random histories on servers of four kinds: after each capture the archive is as the server is, whatever was moved, renamed, made again or counted anew. */
import { describe, expect, test } from 'vitest'
import { playAccount, truthOf } from '../../help/playedAccount.ts'
import { randomOf } from '../../help/random.ts'
import type { Fetchable } from '../../help/scriptedFetch.ts'
import type { ScriptedMailbox } from '../../help/scriptedImap.ts'

const servers = [
  { name: 'a server without extensions', capabilities: ['IMAP4rev1'] },
  { name: 'a server with CONDSTORE', capabilities: ['IMAP4rev1', 'CONDSTORE', 'LIST-EXTENDED', 'LIST-STATUS'] },
  { name: 'a server with QRESYNC', capabilities: ['IMAP4rev1', 'CONDSTORE', 'QRESYNC', 'ENABLE', 'LIST-EXTENDED', 'LIST-STATUS'] },
  { name: 'a server with OBJECTID', capabilities: ['IMAP4rev1', 'CONDSTORE', 'QRESYNC', 'ENABLE', 'OBJECTID', 'LIST-EXTENDED', 'LIST-STATUS'] },
]

type Box = ScriptedMailbox & Required<Pick<ScriptedMailbox, 'uidValidity' | 'uidNext' | 'modseq' | 'mailboxId' | 'expunged'>>

/** Of the histories; npm run soak -- servers. */
const SEEDS = Number(process.env['MAILCOFFER_SERVERS'] ?? 1)
const FIRST = Number(process.env['MAILCOFFER_SEED'] ?? 1)
const seeds = Array.from({ length: SEEDS }, (_, i) => FIRST + i)

/** Messages that are hard to tell apart: few dates, few lengths, the same beginnings, often no Message-ID. */
function createWorld(seed: number, capabilities: readonly string[]) {
  const random = randomOf(seed)
  const withModseq = capabilities.includes('CONDSTORE')
  const boxes: Box[] = []
  let numbers = 0
  let modseq = 10
  // Many servers begin with the same UIDVALIDITY in every mailbox.
  let validity = 1

  // RFC 9051 2.3.1.1: name, UIDVALIDITY and UID are one message for ever. Where mailboxes have ids, not even that is kept here.
  const owners = new Map<string, Box>()
  const settle = (box: Box) => {
    const key = () => `${box.name} ${box.uidValidity}`
    if (!capabilities.includes('OBJECTID') && (owners.get(key()) ?? box) !== box) box.uidValidity = ++validity
    owners.set(key(), box)
  }
  const make = (name: string): Box => {
    const box: Box = { name, uidValidity: validity, uidNext: 1, modseq: ++modseq, mailboxId: `F${++numbers}`, expunged: [], messages: [] }
    boxes.push(box)
    settle(box)
    return box
  }
  const letter = (): Omit<Fetchable, 'uid'> => {
    const n = String(++numbers).padStart(5, '0')
    const id = random.next() < 0.7 ? `Message-ID: <${n}@example.com>\r\n` : ''
    const text = random.next() < 0.3 ? `${'The same words in every letter. '.repeat(50)}${n}` : n
    return {
      bytes: Buffer.from(`From: anna@example.com\r\n${id}\r\n${text}\r\n`),
      date: `0${1 + random.below(3)}-Jan-2024 10:00:00 +0000`,
      emailId: `M${n}`,
    }
  }
  const bump = (box: Box): number => {
    box.modseq = ++modseq
    return modseq
  }
  const put = (box: Box, message: Omit<Fetchable, 'uid'>) => box.messages.push({ ...message, uid: box.uidNext++, modseq: bump(box) })
  const take = (box: Box, message: Fetchable) => {
    box.messages = box.messages.filter(each => each !== message)
    box.expunged.push({ uid: message.uid, modseq: bump(box) })
  }
  const any = <T>(items: readonly T[]): T | undefined => items[random.below(Math.max(1, items.length))]
  const others = () => boxes.filter(({ name }) => name !== 'INBOX')
  const newName = () => `Folder ${random.below(12)}`
  const isFree = (name: string) => !boxes.some(box => box.name === name)

  const operations: [weight: number, () => void][] = [
    [10, () => put(any(boxes)!, letter())],
    [
      4,
      () => {
        const box = any(boxes)!
        const message = any(box.messages)
        if (message) take(box, message)
      },
    ],
    [
      4,
      () => {
        const [from, to] = [any(boxes)!, any(boxes)!]
        const message = any(from.messages)
        if (message) {
          take(from, message)
          put(to, message)
        }
      },
    ],
    [
      3,
      () => {
        const message = any(any(boxes)!.messages)
        if (message) put(any(boxes)!, message)
      },
    ],
    [
      3,
      () => {
        const box = any(boxes)!
        const message = any(box.messages)
        if (message) Object.assign(message, { flags: [`$${random.below(5)}`], modseq: bump(box) })
      },
    ],
    [
      2,
      () => {
        const name = newName()
        if (isFree(name)) make(name)
      },
    ],
    [
      1,
      () => {
        const box = any(others())
        if (box) boxes.splice(boxes.indexOf(box), 1)
      },
    ],
    [
      2,
      () => {
        const box = any(others())
        const name = newName()
        if (!box || !isFree(name)) return
        box.name = name
        settle(box)
      },
    ],
    [
      1,
      () => {
        const [a, b] = [any(others()), any(others())]
        if (!a || !b || a === b) return
        const [ofA, ofB] = [a.name, b.name]
        a.name = ofB
        b.name = ofA
        settle(a)
        settle(b)
      },
    ],
    // Made again: RFC 9051 2.3.1.1 wants another UIDVALIDITY.
    [
      1,
      () => {
        const box = any(others())
        if (!box) return
        boxes.splice(boxes.indexOf(box), 1)
        validity++
        const again = make(box.name)
        for (const message of box.messages) if (random.next() < 0.5) put(again, message)
      },
    ],
    [
      1,
      () => {
        const box = any(boxes)!
        box.uidValidity = ++validity
        settle(box)
        box.uidNext = 1
        box.expunged = []
        const all = box.messages
        box.messages = []
        for (const message of all) put(box, message)
      },
    ],
  ]
  const total = operations.reduce((sum, [weight]) => sum + weight, 0)
  const step = () => {
    let left = random.below(total)
    for (const [weight, operation] of operations) {
      left -= weight
      if (left < 0) return operation()
    }
  }
  make('INBOX')
  make('Folder 1')
  return { step, boxes: () => boxes.map(box => (withModseq ? box : { ...box, modseq: undefined as never })) as ScriptedMailbox[], random }
}

describe.each(servers)('on $name', ({ capabilities }) => {
  test.each(seeds)('25 captures with some changes before each, seed %i', async seed => {
    const world = createWorld(seed, capabilities)
    const account = await playAccount({ mailboxes: world.boxes(), capabilities })
    for (let round = 1; round <= 25; round++) {
      for (let i = world.random.below(14); i >= 0; i--) world.step()
      account.server.mailboxes = world.boxes()
      const heard = await account.run({ connections: 1 + world.random.below(2) })
      expect(heard.failures, `round ${round}`).toEqual([])
      expect(await account.live(), `round ${round}`).toEqual(truthOf(account))
    }
    const flags = account.archive.store.index
      .mailboxes()
      .flatMap(({ raw, epoch, present }) =>
        present && epoch
          ? [...account.archive.store.index.placedUids(epoch.epoch)].map(
              uid => `${raw} ${uid} ${account.archive.store.index.placedFlags(epoch.epoch, [uid])[0]!.join()}`,
            )
          : [],
      )
    const truth = world.boxes().flatMap(({ name, messages }) => messages.map(({ uid, flags = [] }) => `${name} ${uid} ${flags.join()}`))
    if (capabilities.includes('CONDSTORE')) expect(flags.sort()).toEqual(truth.sort())
  })
})
