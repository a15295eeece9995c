/**
 * Answers to SEARCH as nearly all are: numbers and nothing else. imapflow takes each number through a machine of states and an awaited function of its own,
 * some tenth of the engine's thread at a first capture of 20,000 messages. What is in any way unusual is left to it.
 */
import type { Response } from './client.ts'
import type { Line } from './plainFetch.ts'

const PLAIN = /^\* SEARCH(?: \d{1,10})+$/

/** Null where it is no SEARCH, or not plain: it has to be read otherwise. What it answers is what imapflow would. */
export function plainSearch({ payload, literals = [] }: Line): Response | null {
  if (literals.length > 0) return null
  const text = payload.toString('latin1')
  if (!PLAIN.test(text)) return null
  const [tag, command, ...numbers] = text.split(' ')
  return { tag: tag!, command: command!, attributes: numbers.map(value => ({ type: 'ATOM', value })) }
}
