/** The renderer is served from a scheme of its own: file:// would give it the whole disk to ask for. */
import { protocol, type Session } from 'electron'
import { answer, type Folders, scheme } from './rendererFiles.ts'

/** Before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } }])
}

export function serveRenderer(session: Session, folders: Folders): void {
  session.protocol.handle(scheme, request => answer(folders, request.url, request.method))
}
