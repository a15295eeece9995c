/**
 * mbox files as a profile of Thunderbird has them: `Archive` holds the messages of a folder, and what is below it is in `Archive.sbd`. They come into a folder
 * of their own, for Thunderbird takes every file beside them for a mailbox, lists included.
 */
export const THUNDERBIRD = 'Thunderbird'
const BELOW = '.sbd'

/**
 * A path as Thunderbird can have it. A folder that is called as Thunderbird calls its own files would be taken for one; and of INBOX it makes an Inbox of its
 * own, beside the file, which nobody sees any more where the two are different names.
 */
export const itsPath = (path: readonly string[]): string[] =>
  path.map((level, i) => (i === 0 && /^inbox$/i.test(level) ? 'Inbox' : level.replace(/\.(sbd|msf|dat)$/i, '_$1')))

/** Levels of the folder in which the file of a mailbox is, and its name. */
export const thunderbirdLevels = (levels: readonly string[]): string[] => [
  THUNDERBIRD,
  ...levels.map((level, i) => (i < levels.length - 1 ? level + BELOW : level)),
]

/** Folders that have others below them and no messages: Thunderbird shows those below only where there is a file, empty as it is. */
export function emptyParents(files: ReadonlySet<string>): Set<string> {
  const missing = new Set<string>()
  for (const file of files)
    for (let at = file.indexOf(`${BELOW}/`); at >= 0; at = file.indexOf(`${BELOW}/`, at + 1))
      if (!files.has(file.slice(0, at))) missing.add(file.slice(0, at))
  return missing
}

const STATES: Record<string, number> = { '\\seen': 0x0001, '\\answered': 0x0002, '\\flagged': 0x0004, $forwarded: 0x1000 }

/** Flags as Thunderbird keeps them, in lines in front of a message: without them all mail is unread. `\Deleted` stays out, it would hide the message. */
export function itsFlags(flags: readonly string[]): Buffer {
  const lower = flags.map(flag => flag.toLowerCase())
  const bits = lower.reduce((sum, flag) => sum | (STATES[flag] ?? 0), 0)
  const tags = lower.filter(flag => !(flag in STATES) && /^[!-[\]-~]+$/.test(flag))
  return Buffer.from(
    [
      `X-Mozilla-Status: ${bits.toString(16).padStart(4, '0')}`,
      'X-Mozilla-Status2: 00000000',
      ...(tags.length > 0 ? [`X-Mozilla-Keys: ${tags.join(' ')}`] : []),
      '',
    ].join('\n'),
  )
}
