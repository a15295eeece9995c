/** The client ids with which this program signs in at providers: it has none of its own. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { SignInClient, SignInOffer } from '../../contract/signIn.ts'
import { type Command, UsageError } from '../command.ts'
import { printable, table } from '../format.ts'

export const signInSet: Command = {
  words: ['sign-in', 'set'],
  usage: 'PROVIDER --client-id ID [--client-secret-file FILE] [--authorize-url URL --token-url URL --scope S] [--device-url URL]',
  summary: 'keep the client ID with which accounts of PROVIDER (google, microsoft) sign in',
  details:
    'Mailcoffer is registered with no provider. Whoever looks after your mail has a client ID for it, or you register one; the guide says how.\nThe addresses and the scope are only for other providers, under a name of yours.',
  options: ['client-id', 'client-secret-file', 'authorize-url', 'token-url', 'device-url', 'scope'],
  operands: [1, 1],
  profile: 'needed',
  check: options => {
    if (options['client-id'] === undefined) throw new UsageError('A provider needs --client-id.')
  },
  run: async ({ engine, operands, options, terminal }) => {
    const file = options['client-secret-file']
    const named: [keyof SignInClient, string | undefined][] = [
      ['clientSecret', file === undefined ? undefined : await firstLine(resolve(terminal.cwd, file))],
      ['authorizeUrl', options['authorize-url']],
      ['tokenUrl', options['token-url']],
      ['deviceUrl', options['device-url']],
      ['scope', options.scope],
    ]
    const given = Object.fromEntries(named.filter(([, value]) => value !== undefined))
    const offers = await engine.call('signIn.setClient', { provider: operands[0]!.toLowerCase(), clientId: options['client-id']!, ...given })
    return { json: { providers: offers }, text: `Kept. Next: mailcoffer account add NAME … --sign-in ${printable(operands[0]!.toLowerCase())}\n` }
  },
}

export const signInList: Command = {
  words: ['sign-in', 'list'],
  usage: '',
  summary: 'providers at which accounts can sign in, and which have a client ID here',
  options: [],
  operands: [0, 0],
  profile: 'needed',
  run: async ({ engine, terminal }) => {
    const offers = await engine.call('signIn.offers', {})
    return { json: { providers: offers }, text: listText(offers, terminal.columns) }
  },
}

export const signInRemove: Command = {
  words: ['sign-in', 'remove'],
  usage: 'PROVIDER',
  summary: 'forget the client ID of PROVIDER; accounts that sign in there wait until there is another',
  options: [],
  operands: [1, 1],
  profile: 'needed',
  run: async ({ engine, operands }) => {
    const offers = await engine.call('signIn.removeClient', { provider: operands[0]!.toLowerCase() })
    return { json: { providers: offers }, text: 'Forgotten.\n' }
  },
}

function listText(offers: readonly SignInOffer[], columns: number | null): string {
  const rows = offers.map(({ provider, name, clientId, device }) => [
    provider,
    printable(name),
    clientId === null ? 'none' : printable(clientId),
    device ? 'yes' : 'no',
  ])
  return table([{ title: 'PROVIDER' }, { title: 'NAME' }, { title: 'CLIENT ID', flexible: true }, { title: 'DEVICE CODE' }], rows, columns)
}

async function firstLine(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(error => {
    throw new UsageError(`The file of --client-secret-file cannot be read: ${path}`, { cause: error })
  })
  const [line = ''] = text.replace(/^\ufeff/, '').split(/\r?\n/, 1)
  if (line === '') throw new UsageError(`The file of --client-secret-file has an empty first line: ${path}`)
  return line
}
