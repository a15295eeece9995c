/** Gmail, played: every message is fetched once, labels are mailboxes, and what the settings hide is told of. Google's servers are never asked. */
import { expect, test } from 'vitest'
import { letter, playAccount, truthOf } from '../help/playedAccount.ts'
import { createGmail, type GmailMessage, gmailCapabilities, gmailNames } from '../help/scriptedGmail.ts'

const LABELS = ['Praca', 'Praca/Projekt', 'Rachunki']
const message = (n: number, labels: string[], more: Partial<GmailMessage> = {}): GmailMessage => {
  const { bytes, date } = letter(n)
  return { bytes, date: date!, labels, ...more }
}
const many = (): GmailMessage[] => [
  ...Array.from({ length: 60 }, (_, i) =>
    message(i + 1, ['\\Inbox', ...(i % 3 === 0 ? ['Praca'] : []), ...(i % 5 === 0 ? ['Rachunki', '\\Starred'] : [])]),
  ),
  ...Array.from({ length: 30 }, (_, i) => message(i + 101, i % 2 === 0 ? ['\\Sent', '\\Important'] : ['Praca/Projekt'])),
  ...Array.from({ length: 10 }, (_, i) => message(i + 201, [])),
  message(301, [], { in: 'spam' }),
  message(302, ['Praca'], { in: 'trash' }),
]

async function begin(messages: GmailMessage[], { hide = [] as string[], labels = LABELS } = {}) {
  const mailboxesFor = createGmail(labels)
  const mailboxes = () => mailboxesFor(messages).filter(({ name }) => !hide.includes(name))
  const account = await playAccount({ mailboxes: mailboxes(), capabilities: gmailCapabilities })
  return {
    ...account,
    messages,
    /** What was done on the web, or by others. */
    change: (what: () => void) => {
      what()
      account.server.mailboxes = mailboxes()
    },
  }
}

/** How many messages the UID sets name. */
const count = (sets: string[]) =>
  sets
    .flatMap(set => set.split(','))
    .reduce((sum, part) => sum + 1 + Number(part.split(':')[1] ?? part.split(':')[0]) - Number(part.split(':')[0]), 0)

const decoded = (truth: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(truth).map(([name, value]) => [name.replace('&AUI-', 'ł').replace('&AQU-', 'ą').replace('&AXw-', 'ż'), value]))

test('every message is fetched once, over several connections too; each label is a mailbox', async () => {
  for (const connections of [1, 3]) {
    const account = await begin(many())
    const heard = await account.run({ connections })
    expect(heard.failures).toEqual([])
    expect(count(account.downloaded())).toBe(account.messages.length)
    expect(heard.outcomes.added).toBe(account.messages.length)
    expect(await account.live()).toEqual(decoded(truthOf(account)))
    expect(account.said(/BODY\.PEEK\[HEADER\]/)).toEqual([])
  }
})

test('roles come from SPECIAL-USE, whatever the language', async () => {
  const account = await begin(many())
  await account.run()
  const roles = Object.fromEntries(account.archive.store.index.mailboxes().flatMap(({ path, role }) => (role ? [[role, path.join('/')]] : [])))
  expect(roles).toEqual({
    inbox: 'INBOX',
    sent: '[Gmail]/Wysłane',
    drafts: '[Gmail]/Wersje robocze',
    flagged: '[Gmail]/Oznaczone gwiazdką',
    important: '[Gmail]/Ważne',
    trash: '[Gmail]/Kosz',
    junk: '[Gmail]/Spam',
    all: '[Gmail]/Wszystkie',
  })
})

test('labels that are given and taken, mail that is archived or thrown away: placements, and nothing is fetched again', async () => {
  const account = await begin(many())
  await account.run()
  account.change(() => {
    account.messages[90]!.labels = ['Praca', 'Rachunki']
    account.messages[1]!.labels = []
    account.messages[3]!.in = 'trash'
  })
  await account.run()
  expect(account.downloaded()).toEqual([])
  expect(await account.live()).toEqual(decoded(truthOf(account)))
  account.change(() => account.messages.push(message(400, ['\\Inbox', 'Praca', '\\Important'])))
  await account.run({ connections: 3 })
  expect(count(account.downloaded())).toBe(1)
  expect(await account.live()).toEqual(decoded(truthOf(account)))
})

test('nothing changed costs one listing', async () => {
  const account = await begin(many())
  await account.run()
  await account.run()
  expect(account.said(/EXAMINE|FETCH|SEARCH/)).toEqual([])
})

test('where All Mail is hidden that is said each time, and everything with a label is fetched once', async () => {
  const account = await begin(many(), { hide: [gmailNames.all] })
  for (const time of [1, 2]) {
    const heard = await account.run({ connections: 3 })
    expect(heard.failures.map(({ what, error }) => [what, error.code])).toEqual([['All Mail', 'gmail-no-all-mail']])
    const withLabel = account.messages.filter(each => each.in || each.labels.length > 0).length
    expect(count(account.downloaded())).toBe(time === 1 ? withLabel : 0)
    expect(await account.live()).toEqual(decoded(truthOf(account)))
  }
})

test('labels that are hidden from mail programs are named; their messages are here', async () => {
  const account = await begin([...many(), message(500, ['Ukryta', '\\Inbox'])])
  const heard = await account.run()
  expect(heard.result).toMatchObject({ notice: 'gmail-labels-hidden', hiddenLabels: 'Ukryta' })
  expect(heard.failures).toEqual([])
  expect(heard.outcomes.added).toBe(account.messages.length)
})

test('a limit on how many messages a folder shows is told of; what it pushes out of sight is not gone', async () => {
  const all = Array.from({ length: 1003 }, (_, i) => message(i + 1, i < 3 ? ['\\Inbox'] : []))
  const mailboxesFor = createGmail([])
  const limited = (messages: GmailMessage[]) => mailboxesFor(messages).map(mailbox => ({ ...mailbox, messages: mailbox.messages.slice(-1000) }))
  const account = await playAccount({ mailboxes: limited(all.slice(0, 1001)), capabilities: gmailCapabilities })
  const heard = await account.run()
  expect(heard.failures.map(({ error }) => [error.code, error.facts['limit']])).toEqual([['gmail-limited', 1000]])
  account.server.mailboxes = limited(all)
  await account.run()
  expect(await account.archive.factsOf('gone')).toEqual([])
  expect(
    account.archive.store.index.placedUids(account.archive.store.index.mailboxes().find(({ role }) => role === 'all')!.epoch!.epoch),
  ).toHaveLength(1002)
  // Under a new UIDVALIDITY neither: the older ones are still out of sight, and nobody knows of them.
  account.server.mailboxes = limited(all).map(mailbox => ({ ...mailbox, uidValidity: 77 }))
  await account.run()
  expect(await account.archive.factsOf('gone')).toEqual([])
})
