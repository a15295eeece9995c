/** Signing in at a provider from the terminal: the page is opened by the person, here or on another computer. */
import type { CommandContext } from './command.ts'
import { printable } from './format.ts'

type Asked = Pick<CommandContext, 'engine' | 'terminal' | 'options'>

/** Answers the sign-in for `account.set`, when the person has come back from the page. */
export async function signInAt({ engine, terminal, options }: Asked, provider: string, user: string): Promise<string> {
  const how = options['device-code'] ? 'device' : 'browser'
  const goodbye = 'Mailcoffer has got its answer. This page can be closed; the rest is said in the terminal.'
  const { id, url, code } = await engine.call('signIn.begin', { provider, user, how, goodbye })
  const where = how === 'device' ? 'on any computer' : 'in a browser of this computer'
  terminal.err(`Open this page ${where}, and sign in as ${printable(user)}:\n\n  ${printable(url)}\n\n`)
  if (code !== null) terminal.err(`Type this code there: ${printable(code)}\n\n`)
  terminal.err('Waiting for you to come back; Ctrl-C gives up.\n')
  await engine.call('signIn.wait', { id })
  return id
}
