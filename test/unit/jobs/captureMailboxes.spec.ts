/** Mailboxes that come, go and change their names: history is kept, and no message is taken for another. */
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../../main/engine/base/clock.ts'
import { letter, letters, playAccount, truthOf } from '../../help/playedAccount.ts'
import type { ScriptedMailbox, ScriptOptions } from '../../help/scriptedImap.ts'

const box = (name: string, uidValidity: number, messages = letters(5), more: Partial<ScriptedMailbox> = {}): ScriptedMailbox => ({
  name,
  uidValidity,
  uidNext: 100,
  messages,
  ...more,
})
const inbox = box('INBOX', 1, [])
/** Letters that no other mailbox has. */
const own = (about: string, count = 5) => Array.from({ length: count }, (_, i) => letter(i + 1, `${about} ${i + 1}`))

async function begin(mailboxes: ScriptedMailbox[], more: Partial<ScriptOptions> = {}) {
  const account = await playAccount({ mailboxes: [{ ...inbox }, ...mailboxes], ...more })
  await account.run()
  const named = (name: string) => account.server.mailboxes.find(each => each.name === name)!
  return {
    ...account,
    named,
    rename: (from: string, to: string) => {
      named(from).name = to
    },
    remove: (name: string) => account.server.mailboxes.splice(account.server.mailboxes.indexOf(named(name)), 1),
    make: (mailbox: ScriptedMailbox) => account.server.mailboxes.push(mailbox),
    states: () => Object.fromEntries(account.archive.store.index.mailboxes().map(({ raw, mailbox, present }) => [raw, present ? mailbox : -mailbox])),
  }
}

const tomorrow = { clock: { now: () => systemClock.now() + 24 * 60 * 60 * 1000, sleep: async () => {} } }
const objectId = { capabilities: ['IMAP4rev1', 'OBJECTID', 'LIST-EXTENDED', 'LIST-STATUS'] }

describe('a mailbox that was renamed goes on under its new name', () => {
  const cases: { name: string; ids: boolean; options: Partial<ScriptOptions> }[] = [
    { name: 'by MAILBOXID', ids: true, options: objectId },
    { name: 'by UIDVALIDITY, UIDNEXT and what it holds', ids: false, options: {} },
  ]
  for (const { name, ids, options } of cases)
    test(name, async () => {
      const account = await begin(
        [box('Old', 7, own('x'), ids ? { mailboxId: 'F7' } : {}), box('Other', 7, own('y'), ids ? { mailboxId: 'F8' } : {})],
        options,
      )
      const before = account.states()
      account.rename('Old', 'New/Name')
      account.named('New/Name').messages.push(letter(100, 'x 100'))
      account.named('New/Name').uidNext = 101
      const heard = await account.run()
      expect(account.states()).toEqual({ INBOX: before['INBOX'], Other: before['Other'], 'New/Name': before['Old'] })
      expect(heard.result).toMatchObject({ renamed: 1 })
      expect(account.downloaded()).toEqual(['100'])
      expect(await account.archive.factsOf('epoch')).toHaveLength(3)
      expect(await account.live()).toEqual(truthOf(account))
    })

  test('by what it holds, where STATUS gives for a MAILBOXID what is none', async () => {
    const account = await begin([box('Old', 7, own('x'), { mailboxId: 'F7', statusId: 'P!76`U' })], objectId)
    const before = account.states()
    account.rename('Old', 'New')
    account.named('New').statusId = 'lX76`U'
    expect((await account.run()).result).toMatchObject({ renamed: 1 })
    expect(account.states()).toEqual({ INBOX: before['INBOX'], New: before['Old'] })
    expect(account.downloaded()).toEqual([])
  })

  test('two that changed places, by MAILBOXID', async () => {
    const account = await begin([box('A', 7, own('x'), { mailboxId: 'F7' }), box('B', 8, own('y'), { mailboxId: 'F8' })], objectId)
    const before = account.states()
    account.rename('A', 'tmp')
    account.rename('B', 'A')
    account.rename('tmp', 'B')
    await account.run()
    expect(account.states()).toEqual({ INBOX: before['INBOX'], A: before['B'], B: before['A'] })
    expect(account.downloaded()).toEqual([])
    expect(await account.live()).toEqual(truthOf(account))
  })

  test('INBOX gives its messages to the new name and stays INBOX, empty (RFC 9051 6.3.6)', async () => {
    const account = await begin([])
    Object.assign(account.named('INBOX'), { messages: own('x'), uidNext: 6 })
    await account.run()
    const before = account.states()
    Object.assign(account.named('INBOX'), { messages: [], uidNext: 6 })
    account.make(box('Was inbox', 2, own('x')))
    await account.run()
    expect(account.states()).toEqual({ ...before, 'Was inbox': expect.any(Number) })
    expect(account.downloaded()).toEqual([])
    expect(await account.live()).toEqual(truthOf(account))
  })

  test('one whose name is used again at once', async () => {
    const account = await begin([box('Work', 7, own('x'))])
    const before = account.states()
    account.rename('Work', 'Work 2025')
    account.make(box('Work', 8, own('y')))
    await account.run()
    // "Work" has another UIDVALIDITY: its old messages are recognised where they are now, and nothing is lost or doubled.
    expect(account.states()['Work']).toBe(before['Work'])
    expect(account.downloaded()).toEqual(['1:5'])
    expect(await account.live()).toEqual(truthOf(account))
  })
})

describe('what is no rename is not taken for one:', () => {
  const cases: { name: string; made: ScriptedMailbox; options?: Partial<ScriptOptions>; old?: Partial<ScriptedMailbox> }[] = [
    { name: 'another UIDVALIDITY', made: box('New', 8, own('x')) },
    { name: 'a smaller UIDNEXT', made: box('New', 7, own('x'), { uidNext: 50 }) },
    { name: 'other messages of the same dates and sizes', made: box('New', 7, own('z')) },
    { name: 'nothing in it', made: box('New', 7, []) },
    { name: 'few of its messages', made: box('New', 7, own('x', 2)) },
    { name: 'another MAILBOXID', made: box('New', 7, own('x'), { mailboxId: 'F9' }), old: { mailboxId: 'F7' }, options: objectId },
  ]
  for (const { name, made, options = {}, old = {} } of cases)
    test(name, async () => {
      const account = await begin([box('Old', 7, own('x'), old)], options)
      const before = account.states()
      account.remove('Old')
      account.make(made)
      await account.run()
      expect(account.states()).toEqual({ INBOX: before['INBOX'], Old: -before['Old']!, New: expect.any(Number) })
      expect(await account.live()).toEqual(truthOf(account))
    })
})

describe('a mailbox that was deleted and made again under its name', () => {
  test('is the same mailbox with a new epoch; what it had is gone, and kept', async () => {
    const account = await begin([box('Work', 7, own('x'))])
    account.remove('Work')
    account.make(box('Work', 8, own('y')))
    await account.run()
    expect(await account.live()).toEqual(truthOf(account))
    expect(await account.archive.factsOf('gone')).toEqual([{ k: 'gone', epoch: 2, uids: '1:5' }])
  })

  const sameNumbers: { name: string; meanwhile: boolean; options?: Partial<ScriptOptions>; ids?: [string, string] }[] = [
    { name: 'under the UIDVALIDITY it had, with another MAILBOXID', meanwhile: false, options: objectId, ids: ['F7', 'F8'] },
    { name: 'under the UIDVALIDITY it had, while it was missed in a listing', meanwhile: true },
  ]
  for (const { name, meanwhile, options = {}, ids } of sameNumbers)
    test(name, async () => {
      const account = await begin([box('Work', 7, own('x'), ids ? { mailboxId: ids[0] } : {})], options)
      account.remove('Work')
      if (meanwhile) await account.run()
      account.make(box('Work', 7, own('y'), ids ? { mailboxId: ids[1] } : {}))
      await account.run()
      expect(await account.live()).toEqual(truthOf(account))
    })
})

test('a mailbox that was made again with every number it had is found out on the next day, and one that is the same costs one question', async () => {
  const capabilities = ['IMAP4rev1', 'CONDSTORE', 'LIST-EXTENDED', 'LIST-STATUS']
  const dated = (about: string, day: string, count = 5) => own(about, count).map(message => ({ ...message, date: `${day}-Jan-2024 10:00:00 +0100` }))
  const account = await begin([box('Work', 7, dated('x', '02'), { modseq: 9 }), box('Same', 8, dated('z', '02', 4), { modseq: 9 })], { capabilities })
  account.remove('Work')
  account.make(box('Work', 7, dated('y', '03'), { modseq: 9 }))
  await account.run()
  expect(account.said(/EXAMINE|FETCH/)).toEqual([])
  await account.run(tomorrow)
  expect(await account.live()).toEqual(truthOf(account))
  expect(account.said(/EXAMINE "Same"/)).toHaveLength(1)
  expect(account.said(/UID FETCH 4 /)).toHaveLength(1)
})

test('a folder of which the server shows only the newest messages is said not to be complete each time, and what it hides is not gone', async () => {
  const terms = { leavesOut: () => false, onlySubscribed: false, largest: null, showsOnly: 5, countsDays: false, bring: () => {} }
  const account = await playAccount({ mailboxes: [{ ...inbox }, box('Sent', 7, letters(4))] })
  expect((await account.run({ terms })).failures).toEqual([])
  const sent = account.server.mailboxes[1]!
  sent.messages.push(letter(5))
  for (const time of [1, 2]) {
    const { failures } = await account.run({ terms })
    expect([time, failures.map(({ what, error }) => [what, error.code, error.facts['limit']])]).toEqual([time, [['Sent', 'newest-only', 5]]])
  }
  sent.messages.push(letter(6))
  sent.messages.shift()
  await account.run({ terms })
  expect(await account.archive.factsOf('gone')).toEqual([])
})

test('names that differ only in case, or are no valid UTF-7, are mailboxes of their own', async () => {
  const names = ['Work', 'work', 'WORK', 'Bad &UTF-7', 'Bad &UTF-', 'Bad &ZeVnLIqe', '&', '&-', 'a&AOQ-', 'a\xc3\xa4']
  const account = await begin(names.map((name, i) => box(name, 10 + i, own(`in ${i}`, 2))))
  const heard = await account.run()
  expect(heard.failures).toEqual([])
  const raws = account.archive.store.index.mailboxes().map(({ raw }) => Buffer.from(raw).toString('latin1'))
  expect(raws.slice(1)).toEqual(names)
  expect(await account.archive.factsOf('placed')).toHaveLength(2 * names.length)
  expect(heard.outcomes.unchanged).toBe(2 * names.length)
})

test('names in bytes that are no UTF-8 cannot be opened: each is told of, none is passed over in silence', async () => {
  const account = await begin([box('a\xe4', 7, own('x')), box('a\xf6', 8, own('y')), box('Good', 9, own('z'))])
  const heard = await account.run()
  expect(heard.failures.map(({ what, error }) => [what, error.code])).toEqual([
    ['a\ufffd', 'mailbox-unavailable'],
    ['a\ufffd', 'mailbox-unavailable'],
  ])
  expect(heard.outcomes.unchanged).toBe(5)
})

describe('mailboxes of other users and shared ones', () => {
  const namespaces =
    (script: ScriptOptions['script']): ScriptOptions['script'] =>
    request => {
      if (request.verb === 'NAMESPACE') return { send: ['* NAMESPACE (("" "/")) (("Other/" "/")) (("#shared/" "/"))\r\n'] }
      if (request.verb === 'LIST' && request.args.includes('"*"'))
        return { edit: usual => usual.replace(/\* LIST [^\r]*(Other|#shared)\/[^\r]*\r\n/g, '') }
      if (request.verb === 'LIST' && /"(Other|#shared)\//.test(request.args)) {
        const [, prefix] = /"((?:Other|#shared)\/)/.exec(request.args)!
        const names = account.server.mailboxes.map(({ name }) => name).filter(name => name.startsWith(prefix!))
        return script?.(request) ?? { send: names.map(name => `* LIST (\\HasNoChildren \\Sent) "/" "${name}"\r\n`) }
      }
      return undefined
    }
  let account: Awaited<ReturnType<typeof playAccount>>
  const mailboxes = () => [
    box('INBOX', 1, own('mine')),
    box('Sent', 2, []),
    box('Other/piotr/INBOX', 3, own('his')),
    box('#shared/news', 4, own('all')),
  ]

  test('are captured where only their prefix lists them, without a role in this account', async () => {
    account = await playAccount({ mailboxes: mailboxes(), script: namespaces(() => undefined) })
    await account.run()
    expect(await account.live()).toEqual(truthOf(account))
    expect(account.archive.store.index.mailboxes().map(({ raw, role }) => [raw, role])).toEqual([
      ['INBOX', 'inbox'],
      ['Sent', 'sent'],
      ['Other/piotr/INBOX', null],
      ['#shared/news', null],
    ])
  })

  test('a namespace that may not be listed any more is told of; its mailboxes do not count as deleted', async () => {
    let refuse = false
    account = await playAccount({
      mailboxes: mailboxes(),
      script: namespaces(({ args }) => (refuse && args.includes('Other') ? { no: 'not yours' } : undefined)),
    })
    await account.run()
    refuse = true
    const heard = await account.run()
    expect(heard.failures.map(({ what, error }) => [what, error.code])).toEqual([['Other/', 'mailbox-unavailable']])
    expect(account.archive.store.index.mailboxes().every(({ present }) => present)).toBe(true)
  })
})

test('mailboxes that nobody subscribed to are captured like all others', async () => {
  const account = await begin([box('Quiet', 7, own('x'))])
  expect(account.said(/LSUB/)).toEqual([])
  expect(account.archive.store.index.mailboxes().map(({ raw, subscribed }) => [raw, subscribed])).toEqual([
    // The server was not asked, so nothing may be left out for it.
    ['INBOX', true],
    ['Quiet', true],
  ])
  expect(await account.live()).toEqual(truthOf(account))
})
