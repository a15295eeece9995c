/** What the window remembers: its place, theme, language and the view. A small file in the profile; losing it loses nothing but comfort. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { language, theme } from '../contract/shell.ts'

const schema = z.object({
  bounds: z.object({ x: z.number().int(), y: z.number().int(), width: z.number().int(), height: z.number().int() }).optional(),
  maximized: z.boolean().optional(),
  theme: theme.optional(),
  language: language.optional(),
  /** Goes on watching for new mail when the window is closed; unless it says false, it does. */
  background: z.boolean().optional(),
  /** A notice once a week of what was captured; unless it says false, there is one. */
  weekly: z.boolean().optional(),
  /** When it came last. */
  lastWeek: z.number().int().optional(),
  /** The renderer's own: which panes are how wide, and such. Opaque here. */
  view: z.string().max(20_000).optional(),
})
export type WindowSettings = z.infer<typeof schema>

export interface SettingsFile {
  get(): WindowSettings
  /** Written at once; a failure to write is said on stderr and forgotten. */
  change(part: WindowSettings): void
}

export function openSettings(dir: string): SettingsFile {
  const file = join(dir, 'window.json')
  let settings = read(file)
  return {
    get: () => settings,
    change(part) {
      settings = { ...settings, ...part }
      try {
        mkdirSync(dir, { recursive: true, mode: 0o700 })
        writeFileSync(`${file}.tmp`, JSON.stringify(settings), { mode: 0o600 })
        renameSync(`${file}.tmp`, file)
      } catch (error) {
        console.error(`The window's settings could not be saved: ${String(error)}`)
      }
    },
  }
}

function read(file: string): WindowSettings {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    return parsed.success ? parsed.data : {}
  } catch {
    return {} // not there yet, or damaged: comfort only
  }
}
