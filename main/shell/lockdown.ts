/**
 * What the renderer may not do, said to Chromium in every way it understands: no network, no navigation, no new windows, no permissions.
 * Hostile HTML is this program's daily food. A layer more than needed costs a line; a layer missing costs somebody's privacy.
 */
import { app, type Session, type WebContents } from 'electron'
import { origin, pdfOrigin, scheme } from './rendererFiles.ts'

/** Before the app is ready. `onLink`: somebody clicked a link in a page; nothing has been opened, and nothing will be by itself. */
export function lockDownProcess(onLink: (contents: WebContents, url: string) => void): void {
  // As root, Chromium only runs without its sandbox. Development as root (containers) may; a packaged app may not.
  if (app.isPackaged || !app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  // No name is ever looked up for a page, so not even a DNS server learns that a mail was opened.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')
  for (const name of [
    'disable-background-networking',
    'disable-component-update',
    'disable-domain-reliability',
    'dns-prefetch-disable',
    'no-pings',
  ]) {
    app.commandLine.appendSwitch(name)
  }
  app.commandLine.appendSwitch('force-webrtc-ip-handling-policy', 'disable_non_proxied_udp')
  app.on('web-contents-created', (_event, contents) => lockDownContents(contents, onLink))
}

/** A session that reaches nothing but our own scheme. In memory: nothing of what was shown stays on the disk. */
export async function lockDownSession(session: Session): Promise<void> {
  session.webRequest.onBeforeRequest((details, respond) => respond({ cancel: !isOurs(details.url) }))
  session.setPermissionRequestHandler((_contents, _permission, respond) => respond(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setSpellCheckerEnabled(false) // its dictionaries would be downloaded
  session.on('will-download', event => event.preventDefault()) // attachments are saved by the engine, never by Chromium
  // Should anything get past the filter above, it meets a proxy at which nobody listens. Loopback is not excepted.
  await session.setProxy({ mode: 'fixed_servers', proxyRules: 'socks5://127.0.0.1:9', proxyBypassRules: '<-loopback>' })
}

/** data: and blob: come from our own pages, those of the PDF page have no origin; devtools: is Chromium's own, and only there in development. */
export function isOurs(url: string): boolean {
  return (
    url.startsWith(`${origin}/`) ||
    url.startsWith(`${pdfOrigin}/`) ||
    url.startsWith('data:') ||
    url.startsWith(`blob:${origin}/`) ||
    url.startsWith('blob:null/') ||
    (!app.isPackaged && url.startsWith('devtools:'))
  )
}

function lockDownContents(contents: WebContents, onLink: (contents: WebContents, url: string) => void): void {
  // Links of mail ask for a new window, which they never get (mail/sanitise.ts).
  contents.setWindowOpenHandler(({ url }) => {
    onLink(contents, url)
    return { action: 'deny' }
  })
  contents.on('will-attach-webview', event => event.preventDefault())
  // The page itself may be loaded again; nothing else may take its place, in no frame.
  contents.on('will-navigate', event => {
    if (!isPage(event.url)) event.preventDefault()
  })
  contents.on('will-frame-navigate', event => {
    if (!(event.isMainFrame ? isPage(event.url) : event.url === `${pdfOrigin}/index.html`)) event.preventDefault()
  })
  contents.on('will-redirect', event => event.preventDefault())
}

function isPage(url: string): boolean {
  return url === `${scheme}://mailcoffer/` || url.startsWith(`${origin}/index.html`)
}
