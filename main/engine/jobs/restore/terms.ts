/** On which terms messages are put back: those of the account they go to, as a capture of it keeps them. */
import { type CaptureRules, usualRules } from '../../../contract/captureRules.ts'
import { AppError } from '../../../contract/errors.ts'
import type { AccountSettings } from '../../../contract/types.ts'
import { recognise } from '../../mail/provider.ts'
import type { ConnectWriter } from '../../mail/writeTypes.ts'
import { dayBytes, refuseOnHold } from '../capture/terms.ts'
import { openDayBudget } from '../traffic/dayBudget.ts'
import { politeWriter } from '../traffic/politeWriter.ts'
import { createTraffic } from '../traffic/traffic.ts'
import type { JobContext } from '../types.ts'

export interface RestoreTerms {
  writer(connect: ConnectWriter): ConnectWriter
  /** Bytes that may be sent together now; at least one message goes alone. */
  together(): number
  /** A larger message would not go over the line in a whole day; null: no day is counted. */
  largest: number | null
  /** What was used of the day is written down. */
  close(): Promise<void>
}

export interface RestoreTermsDeps {
  /** Asked again and again: the person may pause the account while messages go in. */
  rules(): Promise<Partial<CaptureRules>>
  settings: AccountSettings
  /** Where the day's use is counted, that of what is fetched shared with captures. */
  trafficFile: string
}

/** Of a day's budget, what one message may be. */
const OF_A_DAY = 0.95

/** What a person asks for is done whatever the computer runs on; a paused account, the line and the day hold for it, too. */
export async function openRestoreTerms({ rules, settings, trafficFile }: RestoreTermsDeps, job: JobContext): Promise<RestoreTerms> {
  const { clock, signal } = job
  const current = async (): Promise<CaptureRules> => ({ ...usualRules, ...(await rules()) })
  const { bytesPerDay, bytesPerSecond, ...others } = await current()
  const provider = recognise(settings)
  const perDay = dayBytes({ ...others, bytesPerDay, bytesPerSecond }, settings, provider)
  // What the person allows is for both directions together; a provider counts each by itself.
  const perDayUp = bytesPerDay === 'provider' ? (provider?.dayUploadBytes ?? null) : perDay
  const zone = provider?.dayZone
  const down = perDay === null ? null : await openDayBudget({ file: trafficFile, perDay, zone, clock })
  const up =
    perDayUp === null || bytesPerDay !== 'provider'
      ? down
      : await openDayBudget({ file: trafficFile.replace(/\.json$/, '-up.json'), perDay: perDayUp, zone, clock })
  const common = { clock, signal, bytesPerSecond, check: () => {} }
  const trafficDown = createTraffic({ ...common, budget: down, onBudget: () => {} })
  const trafficUp = createTraffic({
    ...common,
    budget: up,
    onBudget: ({ left, endsAt }) => job.limit?.({ left: left(), perDay: perDayUp ?? 0, endsAt: endsAt() }),
    spentCode: 'day-budget-up',
  })
  const allowed = async () => refuseOnHold(await current(), clock.now())
  await allowed()
  return {
    writer: connect => politeWriter(connect, { down: trafficDown, up: trafficUp, allowed }),
    together: trafficUp.portion,
    largest: perDayUp === null ? null : Math.floor(perDayUp * OF_A_DAY),
    close: async () => {
      job.limit?.(null)
      await down?.close()
      if (up !== down) await up?.close()
    },
  }
}

/** Not allowed now: nothing of what was asked for was sent. */
export const isNotAllowed = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'account-on-hold' || error.code === 'day-budget-up')
