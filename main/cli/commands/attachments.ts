/** Attachments of one message, and of messages within it: what they are, what is dangerous about them, and all of them or one saved. */
import { join, resolve } from 'node:path'
import { mayHoldMessage } from '../../contract/attachmentNames.ts'
import type { Danger } from '../../contract/dangers.ts'
import { AppError } from '../../contract/errors.ts'
import type { AttachmentReport } from '../../contract/reading.ts'
import { makeFolders } from '../../engine/base/folders.ts'
import { type Command, UsageError } from '../command.ts'
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
  { title: '#' },
  { title: 'SIZE', align: 'right' },
  { title: 'TYPE' },
  { title: 'NAME', flexible: true },
  { title: 'BEWARE', flexible: true },
]

export const attachments: Command = {
  words: ['attachments'],
  usage: 'ARCHIVE ID [--to DIR [--part N]]',
  summary: 'what came with a message; --to saves it',
  details:
    'TYPE is what the first bytes say, where they say anything. What lies in a forwarded message, in winmail.dat or in a signed envelope is numbered behind it (0.1), and saved by --part. Files get safe names, never replace one that is there, and are marked as coming from elsewhere.',
  options: ['to', 'part'],
  operands: [2, 2],
  profile: 'needed',
  check: ({ part, to }, [, id]) => {
    checkId(id!)
    if (part !== undefined && to === undefined) throw new UsageError('--part is what --to saves: say both.')
    if (part !== undefined) pathOf(part)
  },
  run: async context => {
    const { archives, engine, operands, options, terminal } = context
    const archive = findArchive(archives, operands[0]!).id
    const end = showJobs(context, archives)
    try {
      const message = await wholeId(context, archive, operands[1]!)
      if (options.to !== undefined) {
        const to = resolve(terminal.cwd, options.to)
        await makeFolders(to).catch(error => {
          throw new AppError('destination-missing', `${to} cannot be made`, { facts: { path: to }, cause: error })
        })
        return options.part === undefined ? await saveAll(to) : await saveOne(to, pathOf(options.part))
      }
      const view = await engine.call('message.show', { archive, message })
      const found: Numbered[] = []
      for (const { index } of view.attachments) await look(index, [])
      return {
        json: { attachments: found },
        text: found.length === 0 ? 'No attachments.\n' : table(columns, found.map(rowOf), terminal.columns),
      }

      async function look(index: number, within: number[]): Promise<void> {
        const report = await engine.call('attachment.report', { archive, message, index, within })
        found.push({ number: [index, ...within].join('.'), ...report })
        if (!mayHoldMessage(report.type, report.name) || within.length >= DEEPEST) return
        const preview = await engine.call('attachment.preview', { archive, message, index, within })
        if (preview.kind === 'message') for (const inner of preview.message.attachments.keys()) await look(index, [...within, inner])
      }

      async function saveOne(to: string, [index, ...within]: [number, ...number[]]) {
        const which = { archive, message, index, within }
        const { safeName } = await engine.call('attachment.report', which)
        const saved = await engine.call('attachment.save', { ...which, to: join(to, safeName) })
        return { json: { saved: [saved], failed: [] }, text: `Saved ${printable(saved.path)} (${bytes(saved.bytes)})\n` }
      }

      async function saveAll(to: string) {
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

const DEEPEST = 8

/** `number`: of the attachment in the message, and of those within it: 0.1 is the second in what the first one holds. */
type Numbered = AttachmentReport & { number: string }

function pathOf(part: string): [number, ...number[]] {
  if (!/^\d{1,6}(?:\.\d{1,6}){0,8}$/.test(part)) throw new UsageError(`--part ${part}: a number such as 0 or 0.1 is expected.`)
  return part.split('.').map(Number) as [number, ...number[]]
}

function rowOf({ number, size, really, type, name, dangers }: Numbered): string[] {
  return [number, bytes(size), printable(really ?? type), printable(name) || '-', dangers.map(danger => said[danger]).join('; ')]
}
