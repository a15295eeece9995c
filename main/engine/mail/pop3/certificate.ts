/** The certificate that a POP3 server offers, looked at and not trusted: the handshake (after STLS where that is asked for) takes place, and nothing else. */
import net from 'node:net'
import tls from 'node:tls'
import type { AccountSettings } from '../../../contract/types.ts'
import type { Where } from '../imap/serverError.ts'
import { type Certificate, certificateOf } from '../imap/tls.ts'
import { noOffers } from './capa.ts'
import { established, named } from './connect.ts'
import { stls } from './stls.ts'
import { createWire } from './wire.ts'

const LOOK_MS = 15_000

/** Null where there is none to be had. */
export async function offeredCertificate({ host, port, security }: AccountSettings): Promise<Certificate | null> {
  const where: Where = { host, port }
  const looking = { ...named(host), rejectUnauthorized: false }
  let socket: net.Socket | null = null
  try {
    if (security === 'tls') socket = await established(tls.connect({ host, port, ...looking }), 'secureConnect', where, LOOK_MS)
    else {
      socket = await established(net.connect({ host, port }), 'connect', where, LOOK_MS)
      const wire = createWire(socket, { where, silence: LOOK_MS })
      await wire.line()
      await stls({ wire, where, offers: noOffers })
      socket = await established(tls.connect({ socket: wire.release(), host, ...looking }), 'secureConnect', where, LOOK_MS)
    }
    return socket instanceof tls.TLSSocket ? certificateOf({ socket }) : null
  } catch {
    return null // The error that made somebody look is the one to be told.
  } finally {
    socket?.destroy()
  }
}
