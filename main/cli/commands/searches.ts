/** Searches that were kept under a name, and those of late. */
import type { EngineClient } from '../../contract/contract.ts'
import { AppError } from '../../contract/errors.ts'
import type { SearchList } from '../../contract/search.ts'
import type { Command } from '../command.ts'
import { printable, table } from '../format.ts'

export const searches: Command = {
  words: ['searches'],
  usage: '[--forget NAME]',
  summary: 'the searches that were kept (search --save NAME)',
  options: ['forget'],
  operands: [0, 0],
  profile: 'needed',
  run: async ({ engine, options, terminal }) => {
    if (options.forget !== undefined) {
      await savedQuery(engine, options.forget)
      const list = await engine.call('search.forget', { name: options.forget })
      return { json: { ...list }, text: `"${printable(options.forget)}" is forgotten.\n` }
    }
    const list = await engine.call('search.list', {})
    return { json: { ...list }, text: listText(list, terminal.columns) }
  },
}

/** Throws not-found. */
export async function savedQuery(engine: EngineClient, name: string): Promise<string> {
  const { saved } = await engine.call('search.list', {})
  const found = saved.find(one => one.name === name)
  if (!found) throw new AppError('not-found', `no saved search ${name}`, { facts: { what: `saved search "${name}"` } })
  return found.query
}

function listText({ saved }: SearchList, columns: number | null): string {
  if (saved.length === 0) return 'No searches were kept yet.\n'
  return table(
    [{ title: 'NAME' }, { title: 'QUERY', flexible: true }],
    saved.map(({ name, query }) => [printable(name), printable(query)]),
    columns,
  )
}
