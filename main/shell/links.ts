/** Links in mail: where one leads is said while the pointer is over it; a click on one asks the person, outside of the page. */
import { domainToUnicode } from 'node:url'
import type { WebContents } from 'electron'
import { isLookalikeHost } from '../contract/hosts.ts'
import type { ShellEvent } from '../contract/shell.ts'

export type Hovered = ShellEvent<'link-hover'>

const SHOWN_MAX = 2000

/** What there is to say of an address; empty where nothing is pointed at, or only something of our own. */
export function describeLink(url: string): Hovered {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed?.protocol === 'mailto:') return { url: url.slice(0, SHOWN_MAX), host: '', lookalike: false }
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') return { url: '', host: '', lookalike: false }
  const host = domainToUnicode(parsed.hostname) || parsed.hostname
  return { url: parsed.href.slice(0, SHOWN_MAX), host, lookalike: isLookalikeHost(host) }
}

/** Chromium tells what its own status line would show: over any frame, and for the keyboard too. */
export function watchHovering(contents: WebContents, tell: (link: Hovered) => void): void {
  contents.on('update-target-url', (_event, url) => tell(describeLink(url)))
}
