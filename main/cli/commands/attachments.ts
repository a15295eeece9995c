/** Attachments of one message: what they are, what is dangerous about them, and all of them saved. */
import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Danger } from '../../contract/dangers.ts'
import { AppError } from '../../contract/errors.ts'
import type { AttachmentReport } from '../../contract/reading.ts'
import type { Command } from '../command.ts'
import { bytes, type Column, printable, table } from '../format.ts'
import { showJobs } from '../job.ts'
import { findArchive } from '../session.ts'
import { checkId, wholeId } from './reading.ts'

const said: Readonly<Record<Danger, string>> = {
  executable: 'is a program or can start one',
  'double-extension': 'its name ends twice',
  'hidden-characters': 'its name holds invisible characters',
  macros: 'may contain macros',
  'type-differs': 'is not what its name says',
}

const columns: readonly Column[] = [
  { title: '#', align: 'right' },
  { title: 'SIZE', align: 'right' },
  { title: 'TYPE' },
  { title: 'NAME', flexible: true },
  { title: 'BEWARE', flexible: true },
]

export const attachments: Command = {
  words: ['attachments'],
  usage: 'ARCHIVE ID [--to DIR]',
  summary: 'what came with a message; --to saves all of it',
  details:
    'TYPE is what the first bytes say, where they say anything. Files get safe names, never replace one that is there, and are marked as coming from elsewhere.',
  options: ['to'],
  operands: [2, 2],
  profile: 'needed',
  check: (_, [, id]) => checkId(id!),
  run: async context => {
    const { archives, engine, operands, options, terminal } = context
    const archive = findArchive(archives, operands[0]!).id
    const end = showJobs(context, archives)
    try {
      const message = await wholeId(context, archive, operands[1]!)
      if (options.to !== undefined) return await saveAll(resolve(terminal.cwd, options.to))
      const view = await engine.call('message.show', { archive, message })
      const reports: AttachmentReport[] = []
      for (const { index } of view.attachments) reports.push(await engine.call('attachment.report', { archive, message, index }))
      return {
        json: { attachments: reports },
        text: reports.length === 0 ? 'No attachments.\n' : table(columns, reports.map(rowOf), terminal.columns),
      }

      async function saveAll(to: string) {
        await mkdir(to, { recursive: true }).catch(error => {
          throw new AppError('destination-missing', `${to} cannot be made`, { facts: { path: to }, cause: error })
        })
        const { saved, failed } = await engine.call('attachment.saveAll', { archive, message, to })
        const lines = [
          ...saved.map(({ path, bytes: size }) => `Saved ${printable(path)} (${bytes(size)})`),
          ...failed.map(({ name, error }) => `Not saved: ${printable(name)} (${error.code})`),
        ]
        return { json: { saved, failed }, text: lines.length === 0 ? 'No attachments.\n' : `${lines.join('\n')}\n`, failed: failed.length > 0 }
      }
    } finally {
      end()
    }
  },
}

function rowOf({ index, size, really, type, name, dangers }: AttachmentReport): string[] {
  return [String(index), bytes(size), printable(really ?? type), printable(name) || '-', dangers.map(danger => said[danger]).join('; ')]
}
