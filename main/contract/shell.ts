/**
 * What the window asks of the shell: things only the desktop can do (dialogs, the keychain, links), and what the shell tells the window.
 * Everything about mail goes to the engine instead (contract.ts). Inputs are parsed strictly where they arrive.
 */
import { z } from 'zod'
import { attachmentPath } from './reading.ts'
import { archiveId, errorSchema, messageId } from './types.ts'

const nothing = z.strictObject({})
const path = z.string().min(1).max(4096)
const fileName = z.string().min(1).max(255)
/** Null: the person closed the dialog without choosing. */
const chosen = z.object({ path: z.string().nullable() })

const call = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) => ({ input, output })

export const languages = ['en', 'pl', 'de', 'zh'] as const
export const language = z.enum(languages)
export const theme = z.enum(['system', 'light', 'dark'])

/**
 * starting: the process is being started; ready: it answers; crashed: it ended unexpectedly and is being started again (open calls failed
 * with `engine-crashed`); restarted: it answers again, watches go on by themselves, and the profile was opened again where it was open;
 * failed: it cannot be started (`error` says why: `runtime-too-old`, or it crashed again and again).
 */
export const engineState = z.object({
  state: z.enum(['starting', 'ready', 'crashed', 'restarted', 'failed']),
  transport: z.enum(['utilityProcess', 'child_process']),
  /** How often it was started again since the window opened. */
  restarts: z.number().int().nonnegative(),
  error: errorSchema.optional(),
})

export const presence = z.object({
  /** Goes on capturing new mail when the window is closed. */
  background: z.boolean(),
  /** A notice once a week of what was captured, and of what stands in the way. */
  weekly: z.boolean(),
  startAtLogin: z.boolean(),
  canStartAtLogin: z.boolean(),
  tray: z.boolean(),
})

export const menuCommand = z.enum([
  'settings',
  'search',
  'add-archive',
  'open-archive',
  'capture',
  'lock',
  'about',
  'demo',
  'next-pane',
  'previous-pane',
])

export const shellCalls = {
  'app.about': call(
    nothing,
    z.object({
      version: z.string(),
      platform: z.string(),
      electron: z.string(),
      chromium: z.string(),
      /** The runtime is the development fallback, not a build for users. */
      developmentRuntime: z.boolean(),
      /** What `--lang` or the system's list asked for: the first one we speak, else en. */
      language,
      /** As the system has them, most wanted first (BCP 47): for dates and numbers. */
      systemLanguages: z.array(z.string()),
      dark: z.boolean(),
      theme,
      engine: engineState,
    }),
  ),
  /** Also changes the menus. Remembered. */
  'app.setLanguage': call(z.strictObject({ language }), nothing),
  /** Remembered. */
  'app.setTheme': call(z.strictObject({ theme }), nothing),
  /** What the app does without a window. `tray`: this desktop shows an icon of it; without one, closing the window only makes it small. */
  'app.presence': call(nothing, presence),
  /** Remembered; `startAtLogin` by the system. */
  'app.setPresence': call(
    z.strictObject({ background: z.boolean().optional(), weekly: z.boolean().optional(), startAtLogin: z.boolean().optional() }),
    presence,
  ),
  /** What the renderer wants to find again at its next start (pane widths and such; no mail, nothing secret). Its session keeps nothing on disk. */
  'view.save': call(z.strictObject({ view: z.string().max(20_000) }), nothing),
  'view.load': call(nothing, z.object({ view: z.string().nullable() })),
  'dialog.openFolder': call(z.strictObject({ title: z.string().max(200).optional(), startAt: path.optional() }), chosen),
  'dialog.openFile': call(
    z.strictObject({ title: z.string().max(200).optional(), extensions: z.array(z.string().regex(/^[a-z0-9]{1,12}$/)).optional() }),
    chosen,
  ),
  /** The system's dialog asks before an existing file is replaced. */
  'dialog.saveFile': call(z.strictObject({ title: z.string().max(200).optional(), name: fileName }), chosen),
  /** Asks where, then writes the text (a recovery code to print, a report) as UTF-8. */
  'file.saveText': call(z.strictObject({ name: fileName, text: z.string().max(1_000_000) }), chosen),
  /** Reads a small text file (at most 200,000 bytes; a certificate authority's PEM), which the person chooses. */
  'file.openText': call(
    z.strictObject({ title: z.string().max(200).optional(), extensions: z.array(z.string().regex(/^[a-z0-9]{1,12}$/)).optional() }),
    z.object({ path: z.string().nullable(), text: z.string() }),
  ),
  /** Shows a file or folder in the system's file manager. Error not-found where it does not exist. */
  'path.reveal': call(z.strictObject({ path }), nothing),
  /** https, http and mailto only. The shell shows the whole address and asks; `opened` is false where the person said no. */
  'link.open': call(z.strictObject({ url: z.string().min(1).max(8192) }), z.object({ opened: z.boolean() })),
  /**
   * The images that a message wants from the internet, fetched now, once, because a person asked: without cookies or referrer, and nothing is kept.
   * The shell has their addresses from the engine, not from the page. Null: refused, not there, or nothing but a tracking pixel.
   */
  'message.images': call(
    z.strictObject({ archive: archiveId, message: messageId }),
    z.object({
      images: z.array(z.object({ type: z.string(), bytes: z.custom<Uint8Array>(value => value instanceof Uint8Array) }).nullable()),
    }),
  ),
  /**
   * A read-only copy in a folder that is emptied, opened by the system's program. `refused`: it is a program itself, and those are never opened.
   * Where something else is dangerous about it, the shell says so and asks; `opened` is false where the person said no.
   */
  'attachment.open': call(
    z.strictObject({ archive: archiveId, message: messageId, ...attachmentPath }),
    z.object({ opened: z.boolean(), refused: z.boolean() }),
  ),
  /** A whole document, laid out without script or network, to a printer that the system's dialog asks for. */
  'paper.print': call(z.strictObject({ html: z.string().max(60_000_000) }), nothing),
  /** Asks where; not where a folder is named, which a person has chosen for several. */
  'paper.pdf': call(z.strictObject({ html: z.string().max(60_000_000), name: fileName, folder: path.optional() }), chosen),
  'clipboard.write': call(z.strictObject({ text: z.string().max(10_000_000) }), nothing),
  /** Prints the window as it is. */
  'page.print': call(nothing, nothing),
  /** Whether this system has a real keychain. `basic_text` (a fixed password) does not count. */
  'keychain.status': call(nothing, z.object({ available: z.boolean(), stored: z.boolean(), backend: z.string() })),
  /** Makes 32 random bytes (hex), keeps them sealed by the keychain, and returns them for profile.create or profile.setKeychain. Error no-keychain. */
  'keychain.create': call(nothing, z.object({ secret: z.string() })),
  /** What keychain.create kept, for profile.unlock; null where there is none or the keychain refuses. */
  'keychain.read': call(nothing, z.object({ secret: z.string().nullable() })),
  'keychain.forget': call(nothing, nothing),
  /** Tries again after the state `failed`. */
  'engine.start': call(nothing, engineState),
} as const

export const shellEvents = {
  'engine-state': engineState,
  /** A menu entry or its shortcut was chosen. */
  menu: z.object({ command: menuCommand }),
  theme: z.object({ dark: z.boolean() }),
  /** What the pointer, or the keyboard, is at; '' where it is at no link. `host` in its own script; empty for an address of mail. */
  'link-hover': z.object({ url: z.string(), host: z.string(), lookalike: z.boolean() }),
} as const

export type ShellCalls = typeof shellCalls
export type ShellCallName = keyof ShellCalls
export type ShellInput<N extends ShellCallName> = z.input<ShellCalls[N]['input']>
export type ShellOutput<N extends ShellCallName> = z.output<ShellCalls[N]['output']>
export type ShellEvents = typeof shellEvents
export type ShellEventName = keyof ShellEvents
export type ShellEvent<N extends ShellEventName> = z.output<ShellEvents[N]>
export type EngineState = z.infer<typeof engineState>
export type Presence = z.infer<typeof presence>
export type MenuCommand = z.infer<typeof menuCommand>
export type Language = z.infer<typeof language>
export type Theme = z.infer<typeof theme>
