/** In what order a list of messages stands. */
import { z } from 'zod'

export const orderBy = z.enum(['date', 'sender', 'subject', 'size'])

/** As people expect it: the newest, the largest, A first. `reverse`: the other way round. Messages that agree stand by date, the newest first (reversed: last). */
export const listOrder = z.strictObject({ by: orderBy, reverse: z.boolean().optional() })

/** How many messages of a list there are from `at` (Unix ms, the first moment of a month on this computer) to the next month; months without any are left out. */
export const monthCount = z.object({ at: z.number().int(), count: z.number().int().nonnegative() })

export type OrderBy = z.infer<typeof orderBy>
export type ListOrder = z.infer<typeof listOrder>
export type MonthCount = z.infer<typeof monthCount>
