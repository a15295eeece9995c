/** Where a person signs in, by provider. From their documentation; a client id is nobody's but the program's that registered it, and is not among them. */
import type { SignInClient } from '../../../contract/signIn.ts'

export interface AuthorizationServer {
  authorizeUrl: string
  tokenUrl: string
  /** RFC 8628; null where it gives no mail to devices. */
  deviceUrl: string | null
  scope: string
  /** The name under which this computer is registered for the answer: RFC 8252 7.3 wants the address, Microsoft's portal takes the name. */
  loopback: '127.0.0.1' | 'localhost'
  /** Beside what RFC 6749 wants. */
  more: Readonly<Record<string, string>>
}

interface Known extends AuthorizationServer {
  provider: string
  name: string
  hosts: readonly string[]
}

const MICROSOFT = 'https://login.microsoftonline.com/common/oauth2/v2.0'

export const authorizationServers: readonly Known[] = [
  {
    provider: 'google',
    name: 'Google',
    hosts: ['.gmail.com', '.googlemail.com'],
    authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: 'https://oauth2.googleapis.com/token',
    // Its list of scopes for devices has no mail.
    deviceUrl: null,
    scope: 'https://mail.google.com/',
    loopback: '127.0.0.1',
    // Without these there is no refresh token the second time.
    more: { access_type: 'offline', prompt: 'consent' },
  },
  {
    provider: 'microsoft',
    name: 'Microsoft',
    hosts: ['.office365.com', '.outlook.com'],
    authorizeUrl: `${MICROSOFT}/authorize`,
    tokenUrl: `${MICROSOFT}/token`,
    deviceUrl: `${MICROSOFT}/devicecode`,
    scope: 'https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/POP.AccessAsUser.All offline_access',
    loopback: 'localhost',
    more: {},
  },
]

/** Null where neither this list nor the client says where to go. */
export function serverFor(client: SignInClient): AuthorizationServer | null {
  const known = authorizationServers.find(({ provider }) => provider === client.provider)
  const authorizeUrl = client.authorizeUrl ?? known?.authorizeUrl
  const tokenUrl = client.tokenUrl ?? known?.tokenUrl
  const scope = client.scope ?? known?.scope
  if (!authorizeUrl || !tokenUrl || !scope) return null
  // Another server of the same kind does not necessarily have the device endpoint of the usual one.
  const deviceUrl = client.deviceUrl ?? (client.tokenUrl ? null : (known?.deviceUrl ?? null))
  return { authorizeUrl, tokenUrl, deviceUrl, scope, loopback: known?.loopback ?? '127.0.0.1', more: known?.more ?? {} }
}
