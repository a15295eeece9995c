/**
 * So many bytes a day and no more, across restarts and crashes. What is going to be fetched is taken out before it is asked for, and what is
 * taken out is durable before it is used: after a kill a little of the day may be lost, but never more is fetched than the day allows.
 */
import { dirname } from 'node:path'
import { z } from 'zod'
import type { Clock } from '../../base/clock.ts'
import { dayOf, nextDay } from '../../base/day.ts'
import { readSmallFile, realDisk, writeFileAtomic } from '../../base/files.ts'

export interface DayBudget {
  readonly perDay: number
  /** Bytes that nobody has taken today. */
  left(): number
  /** When the next day begins, Unix ms. */
  endsAt(): number
  /** Takes so many bytes out of today; false where they are not there, and then nothing is taken. */
  take(bytes: number): Promise<boolean>
  /** Taken and not used. */
  giveBack(bytes: number): void
  /** Used without having been taken: what could not be known before. */
  used(bytes: number): void
  /** Writes down what was really used. */
  close(): Promise<void>
}

const fileSchema = z.object({ day: z.string(), bytes: z.number().nonnegative() })
const LARGEST_FILE = 1_000
/** A part of a day is written down as used before it is: what a kill costs, and how often a file is written. */
const PARTS = 64

export interface BudgetOptions {
  file: string
  perDay: number
  zone: string | undefined
  clock: Clock
}

/** A capture and a restore of the same account count in the same day. */
const shared = new Map<string, { budget: Promise<DayBudget>; users: number }>()

/** A file that cannot be read counts as a day that has not begun: its loss must not stop the mail. */
export async function openDayBudget(options: BudgetOptions): Promise<DayBudget> {
  const key = JSON.stringify([options.file, options.perDay, options.zone])
  const entry = shared.get(key) ?? { budget: openOwn(options), users: 0 }
  shared.set(key, entry)
  entry.users++
  const leave = () => {
    if (--entry.users === 0 && shared.get(key) === entry) shared.delete(key)
  }
  const budget = await entry.budget.catch(error => {
    leave()
    throw error
  })
  return { ...budget, close: () => budget.close().finally(leave) }
}

async function openOwn({ file, perDay, zone, clock }: BudgetOptions): Promise<DayBudget> {
  await realDisk.makeDir(dirname(file))
  let { day, bytes: spent } = (await readUse(file)) ?? { day: '', bytes: 0 }
  let written = spent
  const part = Math.ceil(perDay / PARTS)
  let writing: Promise<void> = Promise.resolve()

  const turn = () => {
    const today = dayOf(clock.now(), zone)
    if (today === day) return
    day = today
    spent = 0
    written = 0
  }
  const write = (bytes: number) => {
    written = bytes
    const text = JSON.stringify({ day, bytes })
    writing = writing.then(() => writeFileAtomic(file, text))
    return writing
  }
  const left = () => {
    turn()
    return Math.max(0, perDay - spent)
  }

  return {
    perDay,
    left,
    endsAt: () => nextDay(clock.now(), zone),
    take: async bytes => {
      if (bytes > left()) return false
      spent += bytes
      if (spent > written) await write(Math.min(perDay, spent + part))
      else await writing
      return true
    },
    giveBack: bytes => {
      spent = Math.max(0, spent - bytes)
    },
    used: bytes => {
      turn()
      spent += bytes
    },
    close: async () => {
      turn()
      if (spent !== written) await write(spent)
      await writing
    },
  }
}

/** What was used of the day that is now, and when it ends (Unix ms). */
export async function usedOn(file: string, now: number, zone: string | undefined): Promise<{ bytes: number; endsAt: number }> {
  const use = await readUse(file)
  return { bytes: use?.day === dayOf(now, zone) ? use.bytes : 0, endsAt: nextDay(now, zone) }
}

/** Null where there is none that can be read. */
async function readUse(file: string): Promise<z.infer<typeof fileSchema> | null> {
  try {
    const content = await readSmallFile(file, LARGEST_FILE)
    return content && fileSchema.parse(JSON.parse(Buffer.from(content).toString()))
  } catch {
    return null // damaged, or of another kind: see above
  }
}
