import { expect, test } from 'vitest'
import type { OutputOf } from '../../../main/contract/contract.ts'
import { AppError } from '../../../main/contract/errors.ts'
import type { Job } from '../../../main/contract/types.ts'
import { aJob, aMessage, anAccount, anArchive, ID, MESSAGE, play, type Stage, whenAborted } from './stage.ts'

const OTHER = 'ef'.repeat(16)
const work = anArchive({ account: anAccount })
const home = anArchive({ id: OTHER, name: 'Home', account: anAccount })
const failure = { what: 'INBOX UID 17', error: { code: 'message-unavailable' as const, message: 'x', facts: {} } }
const withFailure = { outcomes: { added: 2, unchanged: 0, failed: 1 }, failures: [failure] }

const statusOfHome = {
  archive: home,
  messages: 5,
  mailboxCount: 0,
  rawBytes: 1,
  logBytes: 1,
  indexBytes: 1,
  unindexed: 0,
  attachmentsWaiting: 0,
  attachmentsUnread: [],
  unparsable: 0,
  firstMessage: null,
  lastMessage: null,
  lastCapture: null,
  losses: [],
  frozen: false,
  slots: [],
  mailboxes: [],
}

/** A sync of `work` and `home` whose jobs end as given. */
function syncing(ends: Record<string, Partial<Job> | AppError>, stage: Stage = {}, argv: string[] = []) {
  return play(['sync', ...argv], {
    values: { archives: [work, home, anArchive({ id: '01'.repeat(16), name: 'Old' })] },
    ...stage,
    answers: {
      'job.capture': ({ archive }) => {
        const end = ends[archive]
        if (end instanceof AppError) throw end
        return aJob({ id: archive, state: 'running', archive })
      },
      'job.wait': ({ job }) => aJob({ id: job, archive: job, ...(ends[job] as Partial<Job>) }),
      ...stage.answers,
    },
  })
}

test('sync without names captures all archives that have an account, side by side', async () => {
  const begun: string[] = []
  let release = () => {}
  const both = new Promise<void>(resolve => {
    release = resolve
  })
  const { code, out } = await syncing(
    {},
    {
      answers: {
        'job.capture': ({ archive }) => {
          begun.push(archive)
          if (begun.length === 2) release()
          return aJob({ id: archive, archive, state: 'running' })
        },
        // Neither ends before both have begun.
        'job.wait': async ({ job }) => {
          await both
          return aJob({ id: job, archive: job })
        },
      },
    },
  )
  expect(begun).toEqual([ID, OTHER])
  expect(code).toBe(0)
  expect(out).toBe('Work: 3 new messages, 3.0 kB, 2 s\nHome: 3 new messages, 3.0 kB, 2 s\n')
})

test('sync with names captures only those; a name that is none captures nothing', async () => {
  expect((await syncing({}, {}, ['home'])).calls.filter(({ name }) => name === 'job.capture').map(({ input }) => input)).toEqual([{ archive: OTHER }])
  const unknown = await syncing({}, {}, ['Work', 'Nope'])
  expect([unknown.code, unknown.calls.some(({ name }) => name === 'job.capture')]).toEqual([3, false])
  expect(unknown.err).toContain('(archive-unknown)')
})

test('items that failed make the exit code 1, and each is listed', async () => {
  const { code, out } = await syncing({ [ID]: withFailure })
  expect(code).toBe(1)
  expect(out).toContain('INBOX UID 17: The server lists this message')
  const json = (await syncing({ [ID]: withFailure }, {}, ['--json'])).json() as { archives: { job: Job }[] }
  expect(json.archives[0]?.job.failures).toEqual([failure])
})

test('what lies within a forwarded message is listed with its number, and saved by it', async () => {
  const reports: Record<string, { name: string; type: string }> = {
    '0': { name: 'plan.pdf', type: 'application/pdf' },
    '1': { name: 'fwd.eml', type: 'message/rfc822' },
    '1.0': { name: 'winmail.dat', type: 'application/ms-tnef' },
    '1.0.0': { name: 'terms.doc', type: 'application/msword' },
  }
  const numberOf = ({ index, within = [] }: { index: number; within?: number[] | undefined }) => [index, ...within].join('.')
  const stage = {
    values: { archives: [anArchive()] },
    answers: {
      'message.show': () => ({ attachments: [{ index: 0 }, { index: 1 }] }) as OutputOf<'message.show'>,
      'attachment.report': which => ({ index: which.index, ...reports[numberOf(which)]!, safeName: 'terms.doc', size: 5, dangers: [], really: null }),
      'attachment.preview': which =>
        ({
          kind: 'message',
          message: { attachments: numberOf(which) === '1.0.0' ? [] : [reports[`${numberOf(which)}.0`]] },
        }) as unknown as OutputOf<'attachment.preview'>,
      'attachment.save': ({ to }) => ({ path: to, bytes: 5 }),
    },
  } satisfies Stage
  const listed = await play(['attachments', ID, MESSAGE], stage)
  for (const [number, { name }] of Object.entries(reports)) expect(listed.out).toMatch(new RegExp(`^${number} .*${name}`, 'm'))
  const saved = await play(['attachments', ID, MESSAGE, '--to', '/', '--part', '1.0.0'], stage)
  expect(saved.calls.at(-1)).toMatchObject({ name: 'attachment.save', input: { index: 1, within: [0, 0], to: '/terms.doc' } })
  expect((await play(['attachments', ID, MESSAGE, '--to', '/', '--part', 'x'], stage)).code).toBe(2)
})

test('attachments are read at once where few wait; where many do, they are left for later, and the command for it is said', async () => {
  const reading = (waiting: number, argv: string[] = []) => {
    let left = waiting
    return syncing(
      {},
      {
        values: { archives: [anArchive({ name: "Anna's mail", account: anAccount })] },
        answers: {
          'archive.status': () => ({ ...statusOfHome, attachmentsWaiting: left }),
          'job.attachments': () => {
            left = 0
            return aJob({ id: ID, archive: ID, kind: 'attachments', state: 'running' })
          },
        },
      },
      argv,
    )
  }
  const few = await reading(50)
  expect(few.calls.some(({ name }) => name === 'job.attachments')).toBe(true)
  expect(few.out).toBe("Anna's mail: 3 new messages, 3.0 kB, 2 s\n")
  const many = await reading(1234)
  expect(many.calls.some(({ name }) => name === 'job.attachments')).toBe(false)
  expect(many.code).toBe(0)
  expect(many.out).toContain('Attachments of 1,234 messages cannot be searched yet: mailcoffer attachments read "Anna\'s mail"')
  expect((await reading(1234, ['--json'])).json()).toMatchObject({ archives: [{ attachmentsWaiting: 1234 }] })
})

test('one archive that could not be captured does not stop the other: exit code 1, and it is named', async () => {
  const { code, out, err } = await syncing({
    [ID]: { state: 'failed', error: { code: 'auth-failed', message: 'x', facts: { host: 'mail.example.org' } } },
  })
  expect([code, err]).toEqual([1, ''])
  expect(out).toContain('Work: The server mail.example.org refused the name or the password.')
  expect(out).toContain('Home: 3 new messages')
})

test('when none could be captured the exit code is 3, with the reason', async () => {
  const offline = new AppError('offline', 'no network')
  const { code, err } = await syncing({ [ID]: offline, [OTHER]: offline })
  expect(code).toBe(3)
  expect(err).toContain('(offline)')
  const json = (await syncing({ [ID]: offline, [OTHER]: offline }, {}, ['--json'])).json()
  expect(json).toMatchObject({
    error: { code: 'offline' },
    archives: [
      { name: 'Work', job: null },
      { name: 'Home', job: null },
    ],
  })
})

test('sync where no archive has an account says so', async () => {
  const { code, err } = await play(['sync'])
  expect(code).toBe(3)
  expect(err).toContain('(account-missing)')
})

test('Ctrl-C cancels the running job, waits for its end, closes the engine, and exits with 3', async () => {
  const stop = new AbortController()
  let cancelled = ''
  const played = await syncing(
    {},
    {
      signal: stop.signal,
      answers: {
        'job.wait': async ({ job }) => {
          setTimeout(() => stop.abort(), 10)
          await whenAborted(stop.signal)
          await new Promise(resolve => setTimeout(resolve, 20))
          expect(cancelled).toBe(job) // asked to end before it ended
          return aJob({ id: job, state: 'cancelled' })
        },
        'job.cancel': ({ job }) => {
          cancelled = job
          return aJob({ id: job, state: 'running' })
        },
      },
    },
    ['Work', '--json'],
  )
  expect([played.code, played.closed]).toEqual([3, true])
  expect(played.json()).toMatchObject({ error: { code: 'cancelled' } })
})

test('Ctrl-C ends a question that does not heed it', async () => {
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 20)
  const { code, err, closed } = await play(['list', 'Work'], { signal: stop.signal, answers: { 'message.window': () => new Promise(() => {}) } })
  expect([code, closed]).toEqual([3, true])
  expect(err).toContain('(cancelled)')
})

/** A watch that has come to this; it ends when it is cancelled. */
async function watching(job: Partial<Job>, argv: string[] = [], stage: Stage = {}) {
  let onCancel = () => {}
  const cancelled = new Promise<void>(resolve => {
    onCancel = resolve
  })
  const now = aJob({ kind: 'watch', state: 'running', endedAt: null, ...job, progress: { ...aJob().progress, phase: 'watching' } })
  const answers: Stage['answers'] = {
    'job.watch': () => now,
    'job.cancel': () => {
      onCancel()
      return now
    },
    'job.wait': async () => {
      await cancelled
      return { ...now, state: 'cancelled', pause: null }
    },
  }
  return play(['sync', 'Work', '--watch', ...argv], { answers, values: { jobs: [now] }, ...stage })
}

const news = { newsRound: 3, news: 'INBOX 1, Sent 1', newsMessages: 2 }

test('a watch tells what came until Ctrl-C, which ends it cleanly', async () => {
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 20)
  const { code, calls, err, out } = await watching({ result: news }, ['--interval', '7'], { signal: stop.signal })
  expect([code, out]).toEqual([0, ''])
  expect(calls.filter(({ name }) => name === 'job.watch')).toEqual([{ name: 'job.watch', input: { archive: ID, interval: 7 } }])
  expect(err.match(/Work: 2 new messages \(INBOX 1, Sent 1\)\n/g)).toHaveLength(1)
})

test('a watch tells why it pauses and when it tries again, and goes on', async () => {
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 20)
  const paused: Partial<Job> = {
    state: 'paused',
    pause: { reason: 'server-busy', until: new Date(2026, 0, 1, 14, 2).getTime() },
    error: { code: 'server-unavailable', message: 'x', facts: {} },
  }
  const { code, err } = await watching(paused, [], { signal: stop.signal })
  expect(code).toBe(0)
  expect(err).toContain('Work: The server says that it cannot serve the account at the moment. It is tried again at 14:02:00.')
})

test('a watch names what is missing, and exits with 1 while something is', async () => {
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 20)
  const { code, err } = await watching({ ...withFailure, state: 'running' }, [], { signal: stop.signal })
  expect(code).toBe(1)
  expect(err).toContain(`Work: 1 failed\n  ${withFailure.failures![0]!.what}: `)
})

test('a watch ends at what only a person can put right: a wrong password is not tried again', async () => {
  const refused: Partial<Job> = {
    state: 'paused',
    pause: { reason: 'account', until: null },
    error: { code: 'auth-failed', message: 'x', facts: {} },
  }
  const { code, json } = await watching(refused, ['--json'])
  expect(code).toBe(3)
  expect(json()).toMatchObject({ error: { code: 'auth-failed' }, archives: [{ name: 'Work' }] })
})

test('verify exits with 0 when nothing is damaged, and with 1 when something is, and names it', async () => {
  const answers: Stage['answers'] = {
    'job.verify': () => aJob({ kind: 'verify' }),
    'job.wait': () => aJob({ kind: 'verify', result: { messages: 2000, bytes: 5_000_000 } }),
  }
  const good = await play(['verify', 'Work', '--full'], { answers: { ...answers, 'job.damage': () => [] } })
  expect([good.code, good.out]).toEqual([0, 'Nothing is damaged.\nmessages 2,000, bytes 5.0 MB\n'])
  const damage = [{ segment: 2, offset: 1234, length: 99, what: 'record' as const, detail: 'does not open' }]
  const bad = await play(['verify', 'Work'], { answers: { ...answers, 'job.damage': () => damage } })
  expect(bad.code).toBe(1)
  expect(bad.out).toContain('record, segment 2 at 1,234 (99 B): does not open')
  expect((await play(['verify', 'Work', '--json'], { answers: { ...answers, 'job.damage': () => damage } })).json()).toMatchObject({ damage })
})

test('an export goes to a folder as seen from here, of one mailbox where one is named, and lists what failed', async () => {
  const answers: Stage['answers'] = { 'job.export': () => aJob({ kind: 'export' }), 'job.wait': () => aJob({ kind: 'export', ...withFailure }) }
  const inbox = {
    id: 4,
    path: ['INBOX'],
    name: 'INBOX',
    parent: null,
    role: null,
    selectable: true,
    present: true,
    messages: 3,
    unread: 1,
    gone: 0,
    gaps: 0,
    completeAsOf: null,
  }
  const { code, out, calls } = await play(['export', 'Work', '--to', 'mail', '--format', 'eml', '--mailbox', 'inbox'], {
    answers,
    values: { mailboxes: [inbox] },
  })
  expect(code).toBe(1)
  expect(calls.find(({ name }) => name === 'job.export')?.input).toEqual({
    archive: ID,
    to: '/somewhere/mail',
    format: 'eml',
    scope: { mailboxes: [4], which: 'all' },
  })
  expect(out).toContain('2 messages written, 1 failed: /somewhere/mail')
  const unknown = await play(['export', 'Work', '--to', 'mail', '--format', 'eml', '--mailbox', 'Nope'], { answers, values: { mailboxes: [inbox] } })
  expect([unknown.code, unknown.calls.some(({ name }) => name === 'job.export')]).toEqual([3, false])
})

test('an account test that fails says at which step, and exits with 3', async () => {
  const answers: Stage['answers'] = {
    'account.test': () => ({
      ok: false,
      steps: [
        { step: 'resolve', ok: true, detail: '192.0.2.1' },
        { step: 'login', ok: false, detail: 'NO' },
      ],
      error: { code: 'auth-failed', message: 'x', facts: { host: 'mail.example.org' } },
    }),
  }
  const { code, out, err } = await play(['account', 'test', 'Work'], { answers })
  expect(code).toBe(3)
  expect(out).toMatch(/ok +resolve +192\.0\.2\.1\nFAILED +login +NO/)
  expect(err).toContain('mail.example.org refused the name or the password. (auth-failed)')
  expect((await play(['account', 'test', 'Work', '--json'], { answers })).json()).toMatchObject({
    error: { code: 'auth-failed' },
    steps: [{}, { step: 'login' }],
  })
})

test('a long list is fetched in windows the contract permits, to the limit and not beyond', async () => {
  const limits: number[] = []
  const answers: Stage['answers'] = {
    'message.window': ({ from, limit }) => {
      limits.push(limit)
      const start = from?.row ?? 0
      return {
        rows: Array.from({ length: limit }, (_, n) => aMessage({ cursor: { row: start + n + 1, placement: 1 } })),
        before: start > 0,
        after: true,
      }
    },
  }
  const { json } = await play(['list', 'Work', '--limit', '1200', '--json'], { answers })
  const { messages, more } = json() as { messages: { cursor: { row: number } }[]; more: boolean }
  expect(limits).toEqual([500, 500, 200])
  expect(messages.map(({ cursor }) => cursor.row)).toEqual(Array.from({ length: 1200 }, (_, n) => n + 1))
  expect(more).toBe(true)
})

test('a message is shown by the first digits of its id; two that begin alike are an error, none is another', async () => {
  const ids = { cdcd: [MESSAGE], eeee: ['ee'.repeat(32), 'eeee'.repeat(16)], ffff: [] } as Record<string, string[]>
  const answers: Stage['answers'] = {
    'message.find': ({ prefix }) => ({ ids: ids[prefix]! }),
    'message.headers': () => ({ headers: 'Subject: x\r\nTo: y' }),
  }
  expect((await play(['show', 'Work', 'CDCD', '--headers'], { answers })).out).toBe('Subject: x\nTo: y\n')
  expect((await play(['show', 'Work', 'eeee', '--headers'], { answers })).err).toContain('(invalid-input)')
  expect((await play(['show', 'Work', 'ffff', '--headers'], { answers })).err).toContain('(message-unknown)')
})

test('--raw writes exactly the bytes of the message, in pieces', async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, n) => n & 255)
  const answers: Stage['answers'] = { 'message.raw': ({ offset }) => ({ bytes: bytes.subarray(offset, offset + 300), total: 1000 }) }
  const json = (await play(['show', 'Work', MESSAGE, '--raw', '--json'], { answers })).json() as { base64: string }
  expect(new Uint8Array(Buffer.from(json.base64, 'base64'))).toEqual(bytes)
  const ascii = { ...answers, 'message.raw': () => ({ bytes: Buffer.from('From: a\r\n\r\n\u001b[2Jx'), total: 16 }) }
  expect((await play(['show', 'Work', MESSAGE, '--raw'], { answers: ascii })).out).toBe('From: a\r\n\r\n\u001b[2Jx')
})

test('a hostile subject cannot move the cursor, start a new line or turn a name around', async () => {
  const subject = 'Hi\u001b[2J\u001b]0;title\u0007\r\nFrom: bank\u202egnp.exe\u009b31m'
  const answers: Stage['answers'] = {
    'message.window': () => ({ rows: [aMessage({ subject, from: [{ name: 'A\nB', address: '' }] })], before: false, after: false }),
  }
  const { out } = await play(['list', 'Work'], { answers })
  expect(out.split('\n')).toHaveLength(3)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  expect(out).toContain('Hi[2J]0;title From: bankgnp.exe31m')
})

test('a table fits the terminal, also with letters that are two columns wide', async () => {
  const rows = [aMessage({ subject: '漢字'.repeat(40) }), aMessage({ subject: 'x'.repeat(200) })]
  const answers: Stage['answers'] = { 'message.window': () => ({ rows, before: false, after: false }) }
  const narrow = await play(['list', 'Work'], { answers, tty: true, columns: 80 })
  for (const line of narrow.out.split('\n')) expect([...line].reduce((sum, c) => sum + (c > '\u2e80' ? 2 : 1), 0)).toBeLessThanOrEqual(80)
  expect((await play(['list', 'Work'], { answers })).out).toContain('x'.repeat(200))
})

test('search asks all archives, or those named before the query', async () => {
  const answers: Stage['answers'] = {
    'search.window': () => ({ rows: [aMessage({ archive: OTHER })], before: false, after: false }),
    'search.count': () => ({ count: 1234, more: false }),
  }
  const values = { archives: [work, home] }
  const all = await play(['search', 'lunch friday'], { answers, values })
  expect(all.calls.at(-1)?.input).toMatchObject({ archives: [ID, OTHER], query: 'lunch friday', limit: 50 })
  expect(all.out).toMatch(/ARCHIVE.*\n.*Home/)
  const one = await play(['search', 'Home', 'lunch', '--limit', '5'], { answers, values })
  expect(one.calls.at(-1)?.input).toMatchObject({ archives: [OTHER], query: 'lunch', limit: 5 })
  expect((await play(['search', 'lunch', '--count'], { answers, values })).out).toBe('1,234 messages\n')
  expect((await play(['search', 'lunch', '--count', '--json'], { answers, values })).json()).toEqual({ count: 1234, more: false })
})

test('a search that finds nothing says what was looked for', async () => {
  const answers: Stage['answers'] = {
    'search.window': () => ({ rows: [], before: false, after: false }),
    'search.count': () => ({ count: 0, more: false }),
    'search.understand': () => ({ terms: [{ kind: 'words', text: 'is:foo', field: null, prefix: false, exact: true, not: false, rest: '' }] }),
  }
  expect((await play(['search', 'is:foo'], { answers })).out).toBe('Looking for: "is:foo"\nNo messages.\n')
  expect((await play(['search', 'is:foo', '--count'], { answers })).out).toBe('Looking for: "is:foo"\n0 messages\n')
})

test('the status of all archives is shown although one drive is away: exit code 1', async () => {
  const answers: Stage['answers'] = {
    'archive.status': ({ archive }) => {
      if (archive === ID) throw new AppError('destination-missing', 'away', { facts: { path: '/media/usb' } })
      return statusOfHome
    },
  }
  const { code, out } = await play(['archive', 'status'], { answers, values: { archives: [work, home] } })
  expect(code).toBe(1)
  expect(out).toContain('cannot be opened: destination-missing')
  expect(out).toContain('messages   5')
  expect((await play(['archive', 'status', 'Work'], { answers, values: { archives: [work, home] } })).code).toBe(3)
})

test('progress never reaches stdout; without a terminal it is whole lines, and with one a line that is taken away again', async () => {
  const running = aJob({
    state: 'running',
    progress: { ...aJob().progress, phase: 'fetching', done: 1204, total: 3000, byteRate: 2_000_000, secondsLeft: 100, current: 'INBOX' },
  })
  const log = await syncing({}, { values: { archives: [work], jobs: [running] } })
  expect(log.err).toBe('Work, fetching INBOX, 1,204 of 3,000, 3.0 kB, 2.0 MB/s, 2 min left\n')
  const terminal = await syncing({}, { tty: true, columns: 200, values: { archives: [work], jobs: [running] } })
  expect(terminal.err.startsWith('\rWork, fetching INBOX')).toBe(true)
  expect(terminal.err.endsWith('\r\u001b[K')).toBe(true)
  for (const { out } of [log, terminal]) expect(out).toBe('Work: 3 new messages, 3.0 kB, 2 s\n')
})

test('an error of the engine is three sentences and its code, and the engine is closed', async () => {
  const { code, out, err, closed } = await play(['list', 'Work'], {
    answers: {
      'message.window': () => {
        throw new AppError('destination-missing', 'ENOENT', { facts: { path: '/media/usb' } })
      },
    },
  })
  expect([code, out, closed]).toEqual([3, '', true])
  expect(err).toBe(
    'mailcoffer: The folder /media/usb is not there. (destination-missing)\n  Nothing was lost.\n  Connect the drive, or check the path, then try again.\n',
  )
})

test('an error nobody foresaw is one JSON value, too', async () => {
  const { code, json } = await play(['list', 'Work', '--json'], {
    answers: {
      'message.window': () => {
        throw new RangeError('boom')
      },
    },
  })
  expect([code, json()]).toEqual([3, { error: { code: 'internal', message: 'boom', facts: {} } }])
})
