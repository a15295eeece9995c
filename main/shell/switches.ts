/** The command line of the window. The profile's folder is no secret; nothing secret is ever taken from an argument. */
import { type Language, languages } from '../contract/shell.ts'

export interface Switches {
  /** --profile DIR or --profile=DIR */
  profile: string | null
  /** --lang CODE or --lang=CODE: the first language of ours it names. */
  lang: Language | null
  /** --screenshot-mode: one fixed size, no memory of bounds, so that pictures are the same everywhere. */
  screenshotMode: boolean
  /** --hidden: as the system starts it at login, without showing a window. */
  hidden: boolean
}

export function parseSwitches(argv: readonly string[]): Switches {
  const lang = switchValue(argv, '--lang')
  return {
    profile: switchValue(argv, '--profile'),
    lang: lang === null ? null : languageOf([lang]),
    screenshotMode: argv.includes('--screenshot-mode'),
    hidden: argv.includes('--hidden'),
  }
}

/** The first of the wanted languages (BCP 47, most wanted first) that we speak, or null. */
export function languageOf(wanted: readonly string[]): Language | null {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split(/[-_]/)[0]
    const found = languages.find(language => language === primary)
    if (found) return found
  }
  return null
}

function switchValue(argv: readonly string[], name: string): string | null {
  const at = argv.findIndex(arg => arg === name || arg.startsWith(`${name}=`))
  if (at < 0) return null
  const arg = argv[at]!
  const value = arg === name ? argv[at + 1] : arg.slice(name.length + 1)
  return value === undefined || value === '' || value.startsWith('--') ? null : value
}
