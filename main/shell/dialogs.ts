/** Native dialogs. Each answers with what the person chose, or null. */
import { readFile, stat, writeFile } from 'node:fs/promises'
import { domainToUnicode } from 'node:url'
import { type BrowserWindow, dialog, shell } from 'electron'
import { AppError } from '../contract/errors.ts'
import { isLookalikeHost } from '../contract/hosts.ts'
import type { ShellInput, ShellOutput } from '../contract/shell.ts'
import type { ShellText } from './text.ts'

const largestText = 200_000
const openable = new Set(['https:', 'http:', 'mailto:'])

export async function openFolder(window: BrowserWindow, input: ShellInput<'dialog.openFolder'>): Promise<{ path: string | null }> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    properties: ['openDirectory', 'createDirectory'],
    ...(input.title ? { title: input.title } : {}),
    ...(input.startAt ? { defaultPath: input.startAt } : {}),
  })
  return { path: canceled ? null : (filePaths[0] ?? null) }
}

export async function openFile(window: BrowserWindow, input: ShellInput<'dialog.openFile'>): Promise<{ path: string | null }> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    properties: ['openFile'],
    ...(input.title ? { title: input.title } : {}),
    ...(input.extensions ? { filters: [{ name: input.extensions.map(each => `.${each}`).join(', '), extensions: input.extensions }] } : {}),
  })
  return { path: canceled ? null : (filePaths[0] ?? null) }
}

export async function saveFile(window: BrowserWindow, input: ShellInput<'dialog.saveFile'>): Promise<{ path: string | null }> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    defaultPath: safeName(input.name),
    properties: ['createDirectory', 'showOverwriteConfirmation'],
    ...(input.title ? { title: input.title } : {}),
  })
  return { path: canceled || !filePath ? null : filePath }
}

export async function saveText(window: BrowserWindow, input: ShellInput<'file.saveText'>): Promise<{ path: string | null }> {
  const chosen = await saveFile(window, { name: input.name })
  if (chosen.path !== null) await fileErrors(chosen.path, path => writeFile(path, input.text, { mode: 0o600, flush: true }))
  return chosen
}

export async function openText(window: BrowserWindow, input: ShellInput<'file.openText'>): Promise<ShellOutput<'file.openText'>> {
  const { path } = await openFile(window, input)
  if (path === null) return { path, text: '' }
  return fileErrors(path, async () => {
    if ((await stat(path)).size > largestText) throw new AppError('invalid-input', 'the file is too large to be read here', { facts: { path } })
    return { path, text: await readFile(path, 'utf8') }
  })
}

export async function reveal(path: string): Promise<void> {
  const found = await fileErrors(path, stat)
  // A folder is opened, a file only shown in its folder: opening it could run it.
  if (found.isDirectory()) await shell.openPath(path)
  else shell.showItemInFolder(path)
}

/** Shows the whole address first: what a link says and where it goes are two things. */
export async function openLink(window: BrowserWindow, url: string, text: ShellText): Promise<{ opened: boolean }> {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed === null || !openable.has(parsed.protocol)) throw new AppError('invalid-input', 'only http, https and mailto addresses are opened')
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: text.openLinkTitle,
    detail: `${isLookalikeHost(domainToUnicode(parsed.hostname)) ? `${text.openLinkLookalike}\n\n` : ''}${shortened(parsed.href)}\n\n${text.openLinkDetail}`,
    buttons: [text.openLink, text.cancel],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  })
  if (response === 0) await shell.openExternal(parsed.href)
  return { opened: response === 0 }
}

/** The host must stay visible however long the address is; it comes first (the URL is normalised, so no name hides behind an @). */
function shortened(href: string): string {
  const parsed = new URL(href)
  const unicode = domainToUnicode(parsed.hostname)
  const host = parsed.host === '' ? '' : `${parsed.host}${unicode === parsed.hostname ? '' : ` = ${unicode}`}\n\n`
  return `${host}${href.length > 1000 ? `${href.slice(0, 1000)}…` : href}`
}

/** A suggested name comes out of a message: no path in it, nothing a file system refuses. */
function safeName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const plain = name.replace(/[\x00-\x1f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]/g, '_').replace(/^[. ]+|[. ]+$/g, '')
  return plain === '' ? 'file' : plain
}

/** A file system's refusal with its code. */
export async function fileErrors<T>(path: string, work: (path: string) => Promise<T>): Promise<T> {
  try {
    return await work(path)
  } catch (error) {
    if (error instanceof AppError) throw error
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') throw new AppError('not-found', `${path} is not there`, { facts: { path }, cause: error })
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new AppError('disk-full', `no room for ${path}`, { facts: { path }, cause: error })
    if (code === 'EROFS') throw new AppError('read-only', `${path} cannot be written`, { facts: { path }, cause: error })
    if (code === 'EACCES' || code === 'EPERM') throw new AppError('permission-denied', `no permission for ${path}`, { facts: { path }, cause: error })
    throw error
  }
}
