/** The texts of --help, made from the same table that the arguments are read by. */
import { globalOptions, optionTable } from './args.ts'
import type { Command } from './command.ts'

const NAME = 'mailcoffer'

export function helpOf(command: Command): string {
  const lines = [`Usage: ${usageLine(command)}`, '', command.summary]
  if (command.details) lines.push('', command.details)
  if (command.options.length > 0) lines.push('', 'Options:', ...optionLines(command.options))
  lines.push('', 'Everywhere:', ...optionLines(globalOptions))
  return `${lines.join('\n')}\n`
}

/** All commands, or those of one group: `words` is what was typed before --help. */
export function overview(commands: readonly Command[], words: readonly string[] = []): string {
  const shown = commands.filter(command => words.every((word, at) => command.words[at] === word))
  return [
    `Usage: ${NAME} [--profile DIR] [--json] COMMAND …`,
    '',
    'Keeps every message of your mail accounts, encrypted, in folders of your own.',
    '',
    'Commands:',
    ...shown.map(commandLine),
    '',
    'Everywhere:',
    ...optionLines(globalOptions),
    '',
    'Passwords are asked for, or come from a file or a variable; never from an argument.',
    'Exit codes: 0 all done, 1 done with items that failed, 2 wrong usage, 3 could not.',
    `"${NAME} COMMAND --help" says more.`,
    '',
  ].join('\n')
}

const WIDTH = 46 // of the usage in the overview; a longer one has its summary below it

function commandLine({ words, usage, summary }: Command): string {
  const head = `  ${words.join(' ')} ${usage}`
  return head.length <= WIDTH ? `${head.padEnd(WIDTH)}  ${summary}` : `${head}\n${' '.repeat(WIDTH)}  ${summary}`
}

export function usageLine({ words, usage }: Command): string {
  return [NAME, ...words, usage].join(' ').trim()
}

function optionLines(names: readonly (keyof typeof optionTable)[]): string[] {
  const heads = names.map(name => `--${name}${optionTable[name].value === null ? '' : ` ${optionTable[name].value}`}`)
  const width = Math.max(...heads.map(head => head.length))
  return names.map((name, at) => `  ${heads[at]!.padEnd(width)}  ${optionTable[name].help}`)
}
