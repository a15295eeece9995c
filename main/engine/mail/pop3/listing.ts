/** The maildrop as three commands describe it. It is locked for us and cannot change meanwhile, says RFC 1939; not every server knows. */
import { AppError } from '../../../contract/errors.ts'
import { saying } from '../imap/serverError.ts'
import type { Conversation } from './conversation.ts'
import { list } from './list.ts'
import { stat } from './stat.ts'
import type { Listed, Maildrop } from './types.ts'
import { uidl } from './uidl.ts'

const TRIES = 3

/** Asks again when the answers contradict each other; when they go on to do so, what is listed is not taken for all there is. */
export async function listing(talk: Conversation): Promise<Maildrop> {
  for (let tries = 1; ; tries++) {
    const drop = await once(talk)
    if (drop.complete || tries === TRIES) return drop
  }
}

async function once(talk: Conversation): Promise<Maildrop> {
  const said = await stat(talk)
  const { count } = said
  const sizes = await listOrNone(talk, count)
  const ids = await uidl(talk)
  const names = countNames(ids)
  const numbers = [...new Set([...sizes.keys(), ...(ids?.keys() ?? [])])].sort((a, b) => a - b)
  const messages = numbers.map((number): Listed => {
    const name = ids?.get(number)
    return { number, octets: sizes.get(number) ?? null, uidl: name !== undefined && names.get(name) === 1 ? name : null }
  })
  const complete = numbers.length === count && sizes.size === count && (ids === null || ids.size === count)
  if (numbers.length === 0 && count > 0) throw saying('server-lied', `STAT counts ${count} messages, and LIST and UIDL name none`, talk.where)
  let duplicateUidls = 0
  for (const times of names.values()) if (times > 1) duplicateUidls++
  return { messages, stat: said, complete, uidl: ids !== null, duplicateUidls }
}

/** Old servers answer -ERR to LIST where there is nothing to list. */
async function listOrNone(talk: Conversation, count: number): Promise<Map<number, number>> {
  try {
    return await list(talk)
  } catch (error) {
    if (count === 0 && error instanceof AppError && talk.wire.usable) return new Map()
    throw error
  }
}

function countNames(ids: Map<number, string> | null): Map<string, number> {
  const names = new Map<string, number>()
  for (const name of ids?.values() ?? []) names.set(name, (names.get(name) ?? 0) + 1)
  return names
}
