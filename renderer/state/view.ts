/** What is on the screen, and nothing else: never a copy of what the engine knows. */
import { create } from 'zustand'
import type { RestoreScope } from '../../main/contract/restore.ts'
import type { Language, Theme } from '../../main/contract/shell.ts'
import type { Cursor } from '../../main/contract/types.ts'
import { type ListLook, standardLook } from '../list/look.ts'

export interface Selected {
  archive: string
  id: string
  cursor: Cursor
}

/** What a restore begins with: a mailbox, a search, a loss, single messages, or nothing of it. */
export interface RestorePreset {
  which: 'all' | 'gone'
  mailbox?: number
  query?: string
  loss?: number
  messages?: readonly string[]
}

/** What an export begins with. */
export interface ExportPreset {
  /** What a restore was about to put back. */
  scope?: RestoreScope
  mailbox?: number
  query?: string
  messages?: readonly string[]
}

export type DialogName =
  | { name: 'create' }
  | { name: 'open' }
  | { name: 'account'; archive: string }
  | { name: 'rules'; archive: string }
  | { name: 'export'; archive: string; preset: ExportPreset }
  | { name: 'import'; archive: string }
  | { name: 'restore'; archive: string; preset: RestorePreset }
  | { name: 'undoRestore'; archive: string; restore: string }
  | { name: 'copy'; archive: string }
  | { name: 'takeOver'; archive: string }
  | { name: 'rename'; archive: string }
  | { name: 'close'; archive: string }
  | { name: 'recovery'; archive: string }
  | { name: 'settings' }

export interface View {
  language: Language
  systemLanguages: readonly string[]
  theme: Theme
  archive: string | null
  /** Null: all mail of the archive. 'overview': the archive's own screen. */
  place: number | null | 'overview'
  /** In place of a mailbox, what disappeared from the server in this loss. */
  loss: number | null
  message: Selected | null
  /** What is probably opened next: the message under the pointer, and the neighbours of the open one. */
  expected: readonly Pick<Selected, 'archive' | 'id'>[]
  query: string
  /** Where a search looks. */
  scope: 'mailbox' | 'archive' | 'all'
  collapsed: readonly string[]
  dialog: DialogName | null
  activity: boolean
  /** How messages are shown: 1 is the size they came in; in the dark, in colours of ours or in their own. */
  reading: { zoom: number; adapted: boolean }
  /** Widths in CSS pixels. */
  panes: { sidebar: number; list: number }
  look: ListLook
}

const PANES = 'mailcoffer.panes'

export const useView = create<View>(() => ({
  language: 'en',
  systemLanguages: [],
  theme: 'system',
  archive: null,
  place: null,
  loss: null,
  message: null,
  expected: [],
  query: '',
  scope: 'archive',
  collapsed: [],
  dialog: null,
  activity: false,
  reading: { zoom: 1, adapted: true },
  panes: readPanes(),
  look: standardLook,
}))

const set = useView.setState

export const view = {
  setLanguage: (language: Language, systemLanguages?: readonly string[]) => set(systemLanguages ? { language, systemLanguages } : { language }),
  setTheme: (theme: Theme) => set({ theme }),
  /** Another place: the search and the open message belong to the old one. */
  go: (archive: string, place: View['place']) => set({ archive, place, loss: null, message: null, query: '' }),
  showLoss: (archive: string, loss: number) => set({ archive, place: null, loss, message: null, query: '' }),
  openMessage: (message: Selected | null) => set({ message }),
  expect: (expected: View['expected']) => set({ expected }),
  search: (query: string) => set(before => ({ query, message: null, place: before.place === 'overview' ? null : before.place })),
  setScope: (scope: View['scope']) => set({ scope }),
  setCollapsed: (collapsed: readonly string[]) => set({ collapsed }),
  openDialog: (dialog: DialogName) => set({ dialog }),
  closeDialog: () => set({ dialog: null }),
  setReading: (reading: Partial<View['reading']>) => set(before => ({ reading: { ...before.reading, ...reading } })),
  setLook: (look: Partial<ListLook>) => set(before => ({ look: { ...before.look, ...look } })),
  setActivity: (activity: boolean) => set({ activity }),
  setPanes: (panes: Partial<View['panes']>) =>
    set(before => {
      const next = { ...before.panes, ...panes }
      keepPanes(next)
      return { panes: next }
    }),
}

function readPanes(): View['panes'] {
  const standard = { sidebar: 236, list: 372 }
  try {
    const kept = JSON.parse(localStorage.getItem(PANES) ?? '{}') as Partial<View['panes']>
    return { sidebar: Number(kept.sidebar) || standard.sidebar, list: Number(kept.list) || standard.list }
  } catch {
    // Storage may be closed or hold something else: the standard widths do.
    return standard
  }
}

function keepPanes(panes: View['panes']) {
  try {
    localStorage.setItem(PANES, JSON.stringify(panes))
  } catch {
    // Not remembered then; nothing else depends on it.
  }
}
