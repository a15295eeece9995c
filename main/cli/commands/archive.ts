/** Making, opening, listing and closing archives. */
import { resolve } from 'node:path'
import { AppError } from '../../contract/errors.ts'
import type { ArchiveStatus, ArchiveSummary } from '../../contract/types.ts'
import type { Command, CommandContext } from '../command.ts'
import { bytes, count, date, number, printable, table } from '../format.ts'
import { showJobs } from '../job.ts'
import { findArchive } from '../session.ts'
import { lossNote } from './losses.ts'
import { REASONS } from './unread.ts'

export const archiveCreate: Command = {
  words: ['archive', 'create'],
  usage: 'NAME [--at DIR]',
  summary: 'make a new, empty archive; shows its recovery code once',
  details: 'Makes the profile, too, where there is none yet; its password opens all archives of the profile.',
  options: ['at'],
  operands: [1, 1],
  profile: 'create',
  run: async ({ engine, operands: [name], options, terminal }) => {
    const dir = options.at === undefined ? undefined : resolve(terminal.cwd, options.at)
    const { archive, recoveryCode } = await engine.call('archive.create', { name: name!, ...(dir !== undefined && { dir }) })
    const text = [
      `The archive "${printable(archive.name)}" was made in ${archive.dir}`,
      '',
      'Its recovery code, shown only now:',
      '',
      `    ${recoveryCode}`,
      '',
      'Write it down or print it, and keep it apart from this computer. With it the archive opens even when the password is forgotten;',
      'without both, nobody can open it.',
      '',
      `Next: mailcoffer account add "${printable(archive.name)}" --user ADDRESS`,
      '      (its server is looked for; or name it: --imap HOST:PORT, --pop3 HOST:PORT, --provider ID, see `mailcoffer account providers`)',
      '',
    ]
    return { json: { archive, recoveryCode }, text: text.join('\n') }
  },
}

export const archiveOpen: Command = {
  words: ['archive', 'open'],
  usage: 'DIR [--as NAME]',
  summary: 'add an archive that exists already, such as one from another computer',
  details:
    'The password of the profile is tried first; otherwise the password or the recovery code of the archive is asked for,\nor taken from --archive-password-file or MAILCOFFER_ARCHIVE_PASSWORD.',
  options: ['as', 'archive-password-file'],
  operands: [1, 1],
  profile: 'create',
  run: async context => {
    const { operands, options, terminal } = context
    const place = { dir: resolve(terminal.cwd, operands[0]!), ...(options.as !== undefined && { name: options.as }) }
    const end = showJobs(context, context.archives)
    const archive = await openFolder(context, place).finally(end)
    return { json: { archive }, text: `The archive "${printable(archive.name)}" is open: ${archive.dir}\n` }
  },
}

export const archiveList: Command = {
  words: ['archive', 'list'],
  usage: '',
  summary: 'the archives of this profile',
  options: [],
  operands: [0, 0],
  profile: 'needed',
  run: async ({ archives, terminal }) => {
    const rows = archives.map(({ name, account, demo, dir }) => [
      printable(name),
      account ? printable(`${account.user} at ${account.host}`) : demo ? 'sample' : '-',
      dir,
    ])
    const text =
      rows.length === 0
        ? 'No archives yet.\n'
        : table([{ title: 'NAME', flexible: true }, { title: 'ACCOUNT', flexible: true }, { title: 'FOLDER' }], rows, terminal.columns)
    return { json: { archives }, text }
  },
}

export const archiveStatus: Command = {
  words: ['archive', 'status'],
  usage: '[NAME]',
  summary: 'what is in an archive, or in each of them, and how complete it is',
  options: [],
  operands: [0, 1],
  profile: 'needed',
  run: async context => {
    const { archives, engine, operands } = context
    const wanted = operands[0] === undefined ? archives : [findArchive(archives, operands[0])]
    const end = showJobs(context, archives)
    const found: (ArchiveStatus | { archive: ArchiveSummary; error: { code: string; message: string; facts: object } })[] = []
    const texts: string[] = []
    try {
      for (const archive of wanted) {
        try {
          const status = await engine.call('archive.status', { archive: archive.id })
          found.push(status)
          texts.push(statusText(status, context))
        } catch (error) {
          // One drive that is away must not hide the others.
          if (operands[0] !== undefined || !(error instanceof AppError) || error.code === 'cancelled') throw error
          found.push({ archive, error: { code: error.code, message: error.message, facts: error.facts } })
          texts.push(`${printable(archive.name)}\n  cannot be opened: ${error.code}\n`)
        }
      }
    } finally {
      end()
    }
    // Of one archive, its status itself; of all, a list.
    const json = operands[0] === undefined ? { archives: found } : { ...found[0] }
    return { json, text: texts.join('\n') || 'No archives yet.\n', failed: found.some(one => 'error' in one) }
  },
}

export const archiveClose: Command = {
  words: ['archive', 'close'],
  usage: 'NAME',
  summary: 'take an archive out of this profile; its folder stays as it is',
  options: [],
  operands: [1, 1],
  profile: 'needed',
  run: async ({ archives, engine, operands }) => {
    const archive = findArchive(archives, operands[0]!)
    await engine.call('archive.close', { archive: archive.id })
    return { json: { archive }, text: `"${printable(archive.name)}" is not in this profile any more. Its folder stays: ${archive.dir}\n` }
  },
}

/** Without a secret first: the profile may have a slot in it. Then with its own password, which is often the same; then a person is asked. */
async function openFolder({ engine, secrets, terminal }: CommandContext, place: { dir: string; name?: string }): Promise<ArchiveSummary> {
  const own = await secrets.given('archive')
  const given = await secrets.given('profile')
  const attempts: (() => Promise<{ password?: string; recoveryCode?: string }>)[] = [async () => ({})]
  if (own !== null) attempts.push(async () => passwordOrCode(own))
  else if (given !== null) attempts.push(async () => ({ password: given }))
  if (own === null && terminal.canAsk) {
    const ask = async (before = '') => passwordOrCode(await terminal.askSecret(`${before}Password or recovery code of this archive: `))
    const again = () => ask('This does not open it. ')
    attempts.push(() => ask(), again, again)
  }
  for (const [at, attempt] of attempts.entries()) {
    try {
      return await engine.call('archive.open', { ...place, ...(await attempt()) })
    } catch (error) {
      const wrong = error instanceof AppError && ['archive-locked', 'wrong-password', 'wrong-recovery-code'].includes(error.code)
      if (!wrong || at === attempts.length - 1) throw error
    }
  }
  throw new AppError('archive-locked', 'no attempt was left')
}

/** A recovery code is told by its look: 36 letters and digits in groups; mistyped ones are the engine's to judge. */
function passwordOrCode(typed: string): { password: string } | { recoveryCode: string } {
  const symbols = typed.replace(/[\s\p{Dash_Punctuation}]/gu, '')
  return /^[0-9a-z]{36}$/i.test(symbols) ? { recoveryCode: typed } : { password: typed }
}

function statusText(status: ArchiveStatus, { terminal }: CommandContext): string {
  const { archive } = status
  const lines = [
    printable(archive.name),
    `  folder     ${archive.dir}${archive.writable ? '' : ' (cannot be written now)'}`,
    `  account    ${archive.account ? printable(`${archive.account.user} at ${archive.account.host}:${archive.account.port} (${archive.account.security})`) : '-'}`,
    `  messages   ${number(status.messages)}, ${bytes(status.rawBytes)} as received`,
    `  on disk    ${bytes(status.logBytes)}, index ${bytes(status.indexBytes)}`,
    `  from, to   ${date(status.firstMessage)}, ${date(status.lastMessage)}`,
    `  last sync  ${date(status.lastCapture)}`,
    `  proven     ${date(archive.lastProven)}${archive.lastProven === null ? '' : ' everything on the server was here'}`,
  ]
  if (status.unindexed > 0) lines.push(`  not searchable yet  ${number(status.unindexed)}`)
  if (status.unparsable > 0) lines.push(`  unreadable text     ${number(status.unparsable)} (the messages themselves are saved)`)
  if (status.attachmentsWaiting > 0) lines.push(`  attachments to read ${number(status.attachmentsWaiting)} messages (mailcoffer attachments read)`)
  for (const { reason, count } of status.attachmentsUnread) lines.push(`  attachments without searchable text  ${number(count)} ${REASONS[reason]}`)
  if (!archive.recoveryConfirmed) lines.push('  the recovery code was not confirmed yet')
  const note = lossNote(archive.name, status.losses)
  if (note !== '') lines.push('', note.trimEnd())
  if (status.frozen) lines.push('  frozen     rules of retention remove nothing, because of a loss: mailcoffer archive losses')
  const rows = status.mailboxes.map(({ name, onServer, stored, gone, gapCount, completeAsOf, leftOut }) => [
    `  ${printable(name)}`,
    onServer === null ? '-' : number(onServer),
    number(stored),
    number(gone),
    number(gapCount),
    leftOut ? 'left out' : date(completeAsOf),
  ])
  if (rows.length > 0) lines.push('', table(mailboxColumns, rows, terminal.columns).trimEnd())
  const gaps = status.mailboxes.flatMap(({ name, gaps }) =>
    gaps.map(
      ({ uid, reason, lastTry, nextTry }) =>
        `  ${printable(name)} UID ${uid}: ${reason}, last tried ${date(lastTry)}, again ${nextTry === null ? '-' : date(nextTry)}`,
    ),
  )
  if (gaps.length > 0) lines.push('', `  ${count(gaps.length, 'message')} could not be had yet:`, ...gaps.slice(0, 100))
  return `${lines.join('\n')}\n`
}

const mailboxColumns = [
  { title: '  MAILBOX', flexible: true },
  { title: 'ON SERVER', align: 'right' as const },
  { title: 'STORED', align: 'right' as const },
  { title: 'GONE', align: 'right' as const },
  { title: 'MISSING', align: 'right' as const },
  { title: 'COMPLETE AS OF' },
]
