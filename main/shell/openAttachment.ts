/**
 * Opens an attachment with the system's program: a copy in a folder that only this person can read, marked as coming from elsewhere, read-only, and gone when
 * the app ends or starts again. Programs are never opened, whatever the person says: they can be saved, and the system then warns in its own way.
 */

import { rmSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type BrowserWindow, dialog, shell } from 'electron'
import type { EngineClient } from '../contract/contract.ts'
import type { Danger } from '../contract/dangers.ts'
import { AppError } from '../contract/errors.ts'
import type { ShellInput, ShellOutput } from '../contract/shell.ts'
import type { ShellText } from './text.ts'

export interface Opened {
  open(window: BrowserWindow, text: ShellText, input: ShellInput<'attachment.open'>): Promise<ShellOutput<'attachment.open'>>
  /** Everything that was opened is taken away again. */
  empty(): void
}

/** `folder` is this program's alone. Whatever an earlier run left in it goes at once. */
export function createOpened(folder: string, mail: EngineClient): Opened {
  const empty = () => {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 2 })
    } catch {
      // Some program still holds a file in it (Windows): the next start takes it away.
    }
  }
  empty()

  return {
    empty,
    async open(window, text, attachment) {
      const { dangers, safeName } = await mail.call('attachment.report', attachment)
      if (dangers.includes('executable')) return { opened: false, refused: true }
      if (dangers.length > 0 && !(await stillWanted(window, text, safeName, dangers))) return { opened: false, refused: false }
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await chmod(folder, 0o700)
      const own = await mkdtemp(join(folder, 'a-'))
      const { path } = await mail.call('attachment.save', { ...attachment, to: join(own, safeName) })
      // What is changed in a copy that goes away would be lost: the program says so when it cannot save.
      await chmod(path, 0o400).catch(() => {}) // FAT has no such right; the copy is one all the same
      const failure = await shell.openPath(path)
      if (failure !== '') {
        await rm(own, { recursive: true, force: true })
        throw new AppError('not-found', `no program opens this: ${failure}`, { facts: { path: safeName } })
      }
      return { opened: true, refused: false }
    },
  }
}

async function stillWanted(window: BrowserWindow, text: ShellText, name: string, dangers: readonly Danger[]): Promise<boolean> {
  const reasons: Partial<Record<Danger, string>> = {
    'double-extension': text.dangerName,
    'hidden-characters': text.dangerName,
    macros: text.dangerMacros,
    'type-differs': text.dangerType,
  }
  const said = [...new Set(dangers.map(danger => reasons[danger] ?? ''))].filter(reason => reason !== '')
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: `${text.openAttachmentTitle}\n${name}`,
    detail: said.join('\n'),
    buttons: [text.openLink, text.cancel],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  })
  return response === 0
}
