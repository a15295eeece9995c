/**
 * The rows of a list that are in memory: one run of neighbours around what is visible, at most MAX_ROWS of them.
 * Scrolling on lengthens the run by a window before or after it; a far jump begins a new run at an estimated place.
 * A run that began with an estimate learns its true place when it meets an end of the list; it then tells the
 * scroller by how many rows everything moved (`onShift`), so that nothing jumps before the eye.
 * Only one question is under way at a time, and always the one for what is visible now.
 */
import type { MessageSummary, MessageWindow } from '../../main/contract/types.ts'
import type { RowSource } from './rowSource.ts'

export const PAGE = 100
/** About 2 KB a row: 1.2 MB, however long the list. */
export const MAX_ROWS = 600
/** At a time; the contract's bound. */
const MOST_ASKED = 500
/** How many rows beyond the visible ones are asked for ahead: few at first, because somebody waits for what is visible; the others once one rests there or scrolls. */
export const AHEAD = 40
const AHEAD_AT_FIRST = 10
const REST_MS = 200

export interface RunView {
  /** Index in the list of the first row held. */
  base: number
  rows: readonly MessageSummary[]
  total: number
  /** At least one answer has come. */
  loaded: boolean
  error: unknown
}

export interface MessageRun {
  view(): RunView
  subscribe(listener: () => void): () => void
  /** What is visible: indexes, both included. */
  want(first: number, last: number): void
  setTotal(total: number): void
  /** Something changed in the archive: asks again for what is held, keeping the visible rows where they are. */
  refresh(): void
  /** Tries again after an error. */
  retry(): void
  close(): void
}

export const rowKey = (row: MessageSummary) => `${row.id}:${row.cursor.placement}`

export function createMessageRun(source: RowSource, total: number, onShift: (rows: number) => void): MessageRun {
  let state: RunView = { base: 0, rows: [], total, loaded: false, error: null }
  let ends = { before: false, after: false }
  let wanted = { first: 0, last: 20 }
  /** What others say the list's length is; right up to what changed since. */
  let told = total
  let busy = false
  let stale = false
  let ahead = AHEAD_AT_FIRST
  let resting: ReturnType<typeof setTimeout> | undefined
  let closed = false
  const listeners = new Set<() => void>()

  const set = (change: Partial<RunView>) => {
    state = { ...state, ...change }
    for (const listener of listeners) listener()
  }
  const end = () => state.base + state.rows.length

  /** The run has met an end, or passed where an end was thought to be: put it where it truly is. */
  const settle = () => {
    const held = state.rows.length
    let { base, total } = state
    if (!ends.before) {
      base = 0
      total = ends.after ? Math.max(total, told, held + 1) : held
    } else if (!ends.after) {
      base = total - held
      if (base < 1) {
        base = PAGE
        total = base + held
      }
    } else {
      if (base < 1) base = PAGE
      total = Math.max(total, told, base + held + 1)
    }
    const shift = base - state.base
    state = { ...state, base, total }
    if (shift === 0) return
    wanted = { first: wanted.first + shift, last: wanted.last + shift }
    onShift(shift)
  }

  const replace = (window: MessageWindow, base: number) => {
    ends = { before: window.before, after: window.after }
    state = { ...state, base, rows: window.rows, loaded: true, error: null }
  }

  const trim = () => {
    const extra = state.rows.length - MAX_ROWS
    if (extra <= 0) return
    const above = wanted.first - state.base
    const below = end() - wanted.last
    if (above > below) {
      state = { ...state, base: state.base + extra, rows: state.rows.slice(extra) }
      ends.before = true
    } else {
      state = { ...state, rows: state.rows.slice(0, MAX_ROWS) }
      ends.after = true
    }
  }

  /** No more than what is visible and a little around it: a long way is made of many jumps, and who types waits for the first rows only. */
  const jump = async () => {
    const { first, last } = wanted
    const visible = Math.max(0, last - first) + 1
    if (first < PAGE) return replace(await source.after(null, Math.min(MOST_ASKED, first + visible + ahead)), 0)
    if (last >= state.total - PAGE) {
      const window = await source.before(null, Math.min(MOST_ASKED, Math.max(visible, state.total - first) + AHEAD))
      return replace(window, Math.max(0, state.total - window.rows.length))
    }
    const start = Math.max(1, first - AHEAD)
    const limit = Math.min(MOST_ASKED, visible + 2 * AHEAD)
    const window = await source.at(Math.min(1, start / Math.max(1, state.total - limit)), limit)
    // Its own count of the list may differ from ours; then what was asked for is where the eye is.
    replace(window, Math.abs(window.position - start) <= AHEAD ? window.position : start)
  }

  const lengthenUp = async () => {
    const window = await source.before(state.rows[0]!.cursor, PAGE)
    ends.before = window.before
    state = { ...state, base: state.base - window.rows.length, rows: [...window.rows, ...state.rows] }
  }

  const lengthenDown = async () => {
    const window = await source.after(state.rows.at(-1)!.cursor, PAGE)
    ends.after = window.after
    state = { ...state, rows: [...state.rows, ...window.rows] }
  }

  /** The rows held, asked for again; the first visible row stays where it is, unless the top of the list is what is visible. */
  const again = async () => {
    const limit = Math.min(MOST_ASKED, Math.max(2 * PAGE, state.rows.length))
    const atTop = state.base === 0 && !ends.before
    const anchor = state.rows[wanted.first - state.base]
    const oldFirst = state.rows[0]
    const window = atTop || !oldFirst ? await source.after(null, limit) : await source.after(oldFirst.cursor, limit)
    const rows = atTop || !oldFirst ? window.rows : [oldFirst, ...window.rows]
    const was = anchor ? state.rows.indexOf(anchor) : -1
    const is = anchor ? rows.findIndex(row => rowKey(row) === rowKey(anchor)) : -1
    replace({ rows, before: atTop || !oldFirst ? window.before : true, after: window.after }, atTop ? 0 : state.base)
    if (is < 0 || was < 0 || is === was) return
    if (!atTop) state = { ...state, base: Math.max(1, state.base + was - is) }
    else if (wanted.first > 0) {
      wanted = { first: wanted.first + is - was, last: wanted.last + is - was }
      onShift(is - was)
    }
  }

  const next = (): (() => Promise<void>) | null => {
    if (!state.loaded) return jump
    const disjoint = wanted.last < state.base - PAGE || wanted.first > end() + PAGE
    if (disjoint && state.total > 0) return jump
    if (wanted.first - AHEAD < state.base && ends.before && state.rows.length > 0) return lengthenUp
    if (wanted.last + ahead >= end() && ends.after && state.rows.length > 0) return lengthenDown
    return stale ? again : null
  }

  const lookFurther = () => {
    ahead = AHEAD
    void pump()
  }

  const pump = async () => {
    if (busy || closed || state.error) return
    busy = true
    try {
      for (let step = next(); step && !closed; step = next()) {
        if (step === again || step === jump) stale = false
        await step()
        if (closed) return
        settle()
        trim()
        set({})
        if (ahead < AHEAD) resting ??= setTimeout(lookFurther, REST_MS)
      }
    } catch (error) {
      if (!closed) set({ error, loaded: true })
    } finally {
      busy = false
    }
  }

  return {
    view: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    want(first, last) {
      if (state.loaded && first !== wanted.first) ahead = AHEAD
      wanted = { first: Math.max(0, first), last: Math.max(0, last) }
      void pump()
    },
    setTotal(value) {
      // The rows of a search come before their number: to learn that is no change of them.
      const firstTold = told === 0 && state.rows.length > 0
      told = value
      if (value === state.total) return
      // With both ends in hand the rows themselves are the truth, until they are asked for again.
      if (state.loaded) {
        stale ||= !firstTold
        if (ends.before || ends.after) set({ total: Math.max(value, end()) })
      } else set({ total: value })
      void pump()
    },
    refresh() {
      stale = true
      void pump()
    },
    retry() {
      set({ error: null })
      void pump()
    },
    close() {
      closed = true
      clearTimeout(resting)
      listeners.clear()
    },
  }
}
