/** Which messages a command is about, from its options: the same for putting back, and for taking along. */
import type { RestoreScope } from '../contract/restore.ts'
import type { ArchiveSummary } from '../contract/types.ts'
import type { OptionName, Options } from './args.ts'
import { type CommandContext, UsageError } from './command.ts'
import { findMailbox } from './session.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export const SCOPE_OPTIONS: readonly OptionName[] = ['mailbox', 'query', 'message', 'since', 'until', 'gone', 'present', 'gone-in']
/** Of these, which may be said several times. */
export const SCOPE_MANY: readonly OptionName[] = ['mailbox', 'message']

/** Throws UsageError for what can be seen without the engine. */
export function checkScope(options: Options): void {
  if (options.gone && options.present) throw new UsageError('Either --gone or --present.')
  dayOf('since', options.since)
  dayOf('until', options.until)
}

export async function scopeFrom(context: CommandContext, archive: ArchiveSummary): Promise<RestoreScope> {
  const { engine, options, terminal } = context
  const mailboxes = []
  for (const name of options.each?.mailbox ?? []) mailboxes.push((await findMailbox(engine, archive.id, name, terminal.signal)).id)
  const messages = []
  for (const id of options.each?.message ?? []) messages.push(...(await idsOf(context, archive, id)))
  const since = dayOf('since', options.since)
  const until = dayOf('until', options.until)
  return {
    ...(mailboxes.length > 0 && { mailboxes }),
    ...(options.query !== undefined && { query: options.query }),
    ...(messages.length > 0 && { messages }),
    ...(options['gone-in'] !== undefined && { loss: lossOf(options['gone-in']) }),
    ...(since !== null && { since }),
    ...(until !== null && { until: until + DAY_MS }),
    which: options.gone ? 'gone' : options.present ? 'present' : 'all',
  }
}

async function idsOf({ engine }: CommandContext, archive: ArchiveSummary, prefix: string): Promise<string[]> {
  if (!/^[0-9a-f]{4,64}$/.test(prefix)) throw new UsageError('--message takes an id as `mailcoffer list` shows it.')
  const { ids } = await engine.call('message.find', { archive: archive.id, prefix })
  if (ids.length !== 1) throw new UsageError(ids.length === 0 ? `No message begins with ${prefix}.` : `Several messages begin with ${prefix}.`)
  return ids
}

function lossOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError('--gone-in takes the number of a loss.')
  return Number(text)
}

/** Midnight of that day here; null where nothing was said. */
function dayOf(name: 'since' | 'until', text: string | undefined): number | null {
  if (text === undefined) return null
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  const day = match && new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  if (!day || day.getDate() !== Number(match![3])) throw new UsageError(`--${name} takes a day, such as 2024-03-01.`)
  return day.getTime()
}
