/**
 * mbox files as a profile of Thunderbird has them: `Archive` holds the messages of a folder, and what is below it is in `Archive.sbd`. They come into a folder
 * of their own, for Thunderbird takes every file beside them for a mailbox, lists included.
 */
export const THUNDERBIRD = 'Thunderbird'
const BELOW = '.sbd'

/** A folder that is called as Thunderbird calls its own files: they would be taken for each other. */
export const notItsOwn = (level: string): string => level.replace(/\.(sbd|msf|dat)$/i, '_$1')

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
