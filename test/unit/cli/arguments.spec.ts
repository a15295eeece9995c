import { expect, test } from 'vitest'
import { commands } from '../../../main/cli/commands/all.ts'
import { anAccount, anArchive, play } from './stage.ts'

test('the commands are those that were promised', () => {
  expect(commands.map(({ words }) => words.join(' '))).toEqual([
    'archive create',
    'archive open',
    'archive list',
    'archive status',
    'archive losses',
    'archive retry',
    'archive problems',
    'archive week',
    'archive close',
    'account add',
    'account test',
    'account change',
    'account list',
    'account providers',
    'account find',
    'account limits',
    'account leave-out',
    'account take-in',
    'account pause',
    'account resume',
    'sign-in set',
    'sign-in list',
    'sign-in remove',
    'sync',
    'mailboxes',
    'list',
    'show',
    'attachments',
    'attachments unread',
    'attachments read',
    'search',
    'searches',
    'copy',
    'copies repair',
    'copies take-over',
    'copies',
    'export',
    'import',
    'restore',
    'jobs',
    'verify',
    'rebuild',
  ])
})

test('--help says what there is, on stdout, without opening anything', async () => {
  const { code, out, err, calls } = await play(['--help'])
  expect([code, err, calls]).toEqual([0, '', []])
  for (const { words, summary } of commands) {
    expect(out).toContain(words.join(' '))
    expect(out).toContain(summary)
  }
})

for (const command of commands)
  test(`"${command.words.join(' ')} --help" names its usage and every option it takes`, async () => {
    const { code, out, calls } = await play([...command.words, '--help'])
    expect([code, calls]).toEqual([0, []])
    expect(out).toContain(`Usage: mailcoffer ${command.words.join(' ')}`)
    for (const option of command.options) expect(out).toContain(`--${option}`)
  })

test('the help of a group shows the commands of the group', async () => {
  const { code, out } = await play(['account', '--help'])
  expect(code).toBe(0)
  expect(out).toContain('account add')
  expect(out).not.toContain('archive create')
})

test('--version says the version, with --json as JSON', async () => {
  expect((await play(['--version'])).out).toBe('mailcoffer 9.9.9\n')
  expect((await play(['--json', '--version'])).json()).toEqual({ version: '9.9.9' })
})

const wrong: Record<string, string[]> = {
  'no command': [],
  'an unknown command': ['frobnicate'],
  'half a command': ['archive'],
  'an unknown option': ['list', 'Work', '--frobnicate'],
  'an option of another command': ['list', 'Work', '--full'],
  'an option without its value': ['list', 'Work', '--limit'],
  'a switch with a value': ['list', 'Work', '--json=yes'],
  'an operand too few': ['list'],
  'an operand too many': ['list', 'Work', 'Home'],
  'a limit that is no number': ['list', 'Work', '--limit', 'many'],
  'a limit of nothing': ['search', 'x', '--limit', '0'],
  'an export to nowhere': ['export', 'Work', '--format', 'eml'],
  'an export in no format': ['export', 'Work', '--to', 'x'],
  'an export in an unknown format': ['export', 'Work', '--to', 'x', '--format', 'pst'],
  'an account without a server': ['account', 'add', 'Work', '--user', 'ada'],
  'an account without a user': ['account', 'add', 'Work', '--imap', 'mail.example.org:993'],
  'an account with two servers': ['account', 'add', 'Work', '--user', 'ada', '--imap', 'mail.example.org:993', '--pop3', 'mail.example.org:995'],
  'a strange POP3 port without security': ['account', 'add', 'Work', '--user', 'ada', '--pop3', 'mail.example.org:143'],
  'a server that is a web address': ['account', 'add', 'Work', '--user', 'ada', '--imap', 'https://mail.example.org'],
  'a port that is none': ['account', 'add', 'Work', '--user', 'ada', '--imap', 'mail.example.org:99999'],
  'a strange port without security': ['account', 'add', 'Work', '--user', 'ada', '--imap', 'mail.example.org:1430'],
  'an unknown security': ['account', 'add', 'Work', '--user', 'ada', '--imap', 'mail.example.org:993', '--security', 'some'],
  'a pin that is no SHA-256': ['account', 'add', 'Work', '--user', 'ada', '--imap', 'mail.example.org:993', '--pin', 'abc'],
  'both ca and pin': ['account', 'change', 'Work', '--ca', 'x', '--pin', 'ab'.repeat(32)],
  'an id that is none': ['show', 'Work', 'latest'],
  'raw and headers at once': ['show', 'Work', 'abcd', '--raw', '--headers'],
  'an interval without a watch': ['sync', '--interval', '5'],
  'a password file that is not there': ['list', 'Work', '--password-file', '/not/there'],
}

for (const [name, argv] of Object.entries(wrong)) {
  test(`${name} is wrong usage: exit code 2, said on stderr, nothing on stdout`, async () => {
    const { code, out, err, calls } = await play(argv)
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^mailcoffer: .+\n/)
    expect(calls.filter(({ name }) => name !== 'profile.status')).toEqual([])
  })
  test(`${name} with --json is one JSON value with an error`, async () => {
    const { code, json } = await play(['--json', ...argv.filter(one => one !== '--json=yes'), ...(argv.includes('--json=yes') ? ['--full=yes'] : [])])
    expect(code).toBe(2)
    expect(json()).toEqual({ error: { code: 'invalid-input', message: expect.any(String), facts: { problem: expect.any(String) } } })
  })
}

test('nobody can pass a password as an argument, and one that was tried is not repeated', async () => {
  for (const option of ['--password', '--account-password']) {
    for (const argv of [
      ['archive', 'list', option, 'hunter2hunter2'],
      ['archive', 'list', `${option}=hunter2hunter2`],
    ]) {
      const { code, out, err } = await play(argv)
      expect(code).toBe(2)
      expect(out + err).not.toContain('hunter2')
      expect(err).toContain(`${option}-file`)
    }
  }
})

test('global options stand before or behind the command', async () => {
  for (const argv of [
    ['--json', '--profile', '/p', 'archive', 'list'],
    ['archive', 'list', '--json', '--profile=/p'],
    ['archive', '--json', 'list', '--profile', '/p'],
  ]) {
    const { code, json } = await play(argv)
    expect(code).toBe(0)
    expect(json()).toEqual({ archives: [anArchive()] })
  }
})

test('a query that begins with a hyphen can be asked for behind two of them', async () => {
  const { code, calls } = await play(['search', '--json', '--', '--json'], {
    answers: { 'search.window': () => ({ rows: [], before: false, after: false }), 'search.understand': () => ({ terms: [] }) },
  })
  expect(code).toBe(0)
  expect(calls.find(({ name }) => name === 'search.window')?.input).toMatchObject({ query: '--json' })
  expect((await play(['search', '-is:unread'])).err).toContain('goes after --')
})

const account = (argv: string[], before?: object) =>
  play(['--json', 'account', ...argv], {
    env: { MAILCOFFER_PASSWORD: 'the password', ...(argv[0] === 'add' && { MAILCOFFER_ACCOUNT_PASSWORD: 'pw' }) },
    answers: { 'account.set': () => anArchive() },
    values: { archives: [anArchive({ ...(before && { account: before as never }) })] },
  }).then(({ code, calls }) => (code === 0 ? (calls.at(-1)?.input as { settings: unknown; password?: string }) : code))

const add = (...argv: string[]) => account(['add', 'Work', '--user', 'ada', ...argv])
const settings = (change: object) => ({ archive: anArchive().id, password: 'pw', settings: { ...anAccount, ...change } })

test('port and security follow from each other where they leave no doubt, and plain is never guessed', async () => {
  expect(await add('--imap', 'mail.example.org')).toEqual(settings({}))
  expect(await add('--imap', 'mail.example.org:993')).toEqual(settings({}))
  expect(await add('--imap', 'mail.example.org:143')).toEqual(settings({ port: 143, security: 'starttls' }))
  expect(await add('--imap', 'mail.example.org', '--security', 'starttls')).toEqual(settings({ port: 143, security: 'starttls' }))
  expect(await add('--imap', '[2001:db8::1]:1993', '--security', 'tls')).toEqual(settings({ host: '2001:db8::1', port: 1993 }))
})

test('a plain connection goes to this computer only, or where it was permitted', async () => {
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]'])
    expect(await add('--imap', `${host}:1143`, '--security', 'plain'), host).toMatchObject({ settings: { security: 'plain', port: 1143 } })
  for (const host of ['mail.example.org', '10.0.0.1', '[2001:db8::1]', '127.0.0.1.example.org'])
    expect(await add('--imap', `${host}:143`, '--security', 'plain'), host).toBe(3)
  expect(await add('--imap', 'mail.example.org:143', '--security', 'plain', '--allow-plain')).toMatchObject({ settings: { allowPlain: true } })
})

test('a pin is understood as openssl and browsers print it', async () => {
  const pin = 'ab'.repeat(32)
  const colons = 'AB:'.repeat(32).slice(0, -1)
  for (const typed of [pin, pin.toUpperCase(), colons, `sha256 Fingerprint=${colons}`, `SHA256:${pin}`])
    expect(await add('--imap', 'mail.example.org', '--pin', typed), typed).toMatchObject({ settings: { pin } })
})

test('a change touches only what is named; a usual port moves with its security', async () => {
  const before = { ...anAccount, pin: 'ab'.repeat(32) }
  const change = (...argv: string[]) => account(['change', 'Work', ...argv], before)
  expect(await change('--user', 'eve')).toEqual({ archive: anArchive().id, settings: { ...before, user: 'eve' } })
  expect(await change('--security', 'starttls')).toMatchObject({ settings: { port: 143, security: 'starttls', pin: before.pin } })
  expect(await change('--pin', 'none')).toEqual({ archive: anArchive().id, settings: anAccount })
  expect(await change('--imap', 'other.example.org:1993')).toMatchObject({ settings: { host: 'other.example.org', port: 1993, security: 'tls' } })
})

const popped = (change: object) => settings({ protocol: 'pop3', port: 995, ...change })

test('a POP3 account: its ports and security follow from each other likewise, and recent is remembered', async () => {
  expect(await add('--pop3', 'mail.example.org')).toEqual(popped({}))
  expect(await add('--pop3', 'mail.example.org:995')).toEqual(popped({}))
  expect(await add('--pop3', 'mail.example.org:110')).toEqual(popped({ port: 110, security: 'starttls' }))
  expect(await add('--pop3', 'mail.example.org', '--security', 'starttls')).toEqual(popped({ port: 110, security: 'starttls' }))
  expect(await add('--pop3', 'mail.example.org', '--recent')).toEqual(popped({ recent: true }))
  expect(await add('--imap', 'mail.example.org', '--recent')).toBe(2)
})

test('an account moves from POP3 to IMAP and back; how the one server was trusted says nothing about the other', async () => {
  const before = { ...anAccount, protocol: 'pop3', port: 995, pin: 'ab'.repeat(32), recent: true }
  const moved = (await account(['change', 'Work', '--imap', 'imap.example.org'], before)) as { settings: unknown }
  expect(moved.settings).toEqual({ ...anAccount, host: 'imap.example.org' })
  const back = (await account(['change', 'Work', '--pop3', 'pop.example.org'], anAccount)) as { settings: unknown }
  expect(back.settings).toEqual({ ...anAccount, protocol: 'pop3', host: 'pop.example.org', port: 995 })
  const kept = (await account(['change', 'Work', '--security', 'starttls'], before)) as { settings: unknown }
  expect(kept.settings).toEqual({ ...before, port: 110, security: 'starttls' })
})

test('what POP3 does not show is said when such an account is added, and what Gmail needs', async () => {
  const say = async (...argv: string[]) =>
    (
      await play(['account', 'add', 'Work', '--user', 'ada', ...argv], {
        env: { MAILCOFFER_PASSWORD: 'the password', MAILCOFFER_ACCOUNT_PASSWORD: 'pw' },
        answers: { 'account.set': () => anArchive() },
        values: { archives: [anArchive()] },
      })
    ).out
  expect(await say('--pop3', 'mail.example.org')).toMatch(/inbox only: sent mail and other folders are not captured/)
  expect(await say('--pop3', 'mail.example.org')).not.toMatch(/--recent/)
  expect(await say('--pop3', 'pop.gmail.com')).toMatch(/--recent/)
  expect(await say('--pop3', 'pop.gmail.com', '--recent')).not.toMatch(/with --recent/)
  expect(await say('--imap', 'mail.example.org')).not.toMatch(/POP3/)
})
