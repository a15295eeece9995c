/**
 * What is known of mail providers, as data: how they are reached, how they are told apart, and what they want of a program that reads a whole mailbox.
 * From their help pages, the public autoconfiguration database, and what the authors of other programs found out; "unconfirmed" marks what no provider states.
 */
import type { ProviderHint } from '../../contract/captureRules.ts'
import type { Security } from '../../contract/types.ts'

export interface Server {
  host: string
  port: number
  security: Security
}

export interface Provider {
  id: string
  name: string
  domains: readonly string[]
  imap: Server | null
  pop3: Server | null
  /** Other hosts of the same provider; the two above are known anyway. A leading dot: whatever ends so. */
  hosts?: readonly string[]
  /** Ends of the names that take the mail of customers' own domains (MX). */
  mx?: readonly string[]
  /** Told by the server itself, where the host is one of a customer's own: a word of its greeting, or a capability. */
  greeting?: RegExp
  capability?: string
  hints: readonly ProviderHint[]
  /** At a time, for one account. */
  connections?: number
  /** What a day may bring down, in bytes; a fifth of what the provider states stays free for the person's other programs. */
  dayBytes?: { imap: number; pop3: number }
  /** What a day may bring up over IMAP, with the same fifth left free. */
  dayUploadBytes?: number
  /** Where its day begins; this computer's midnight where nothing is said. */
  dayZone?: string
  /** Seconds between two looks over POP3. */
  pop3Interval?: number
  /** Over POP3 the listing is a part of the mailbox: what is not in it is not gone. After QUIT, the next part comes. */
  pop3Part?: true
  /** Over IMAP a folder shows its newest messages, so many: what is not among them is not gone. */
  newestOnly?: { host: string; messages: number }
  /** Refuses to open a mailbox for programs that did not say their name by ID (RFC 2971), whether or not it offers ID. */
  wantsId?: true
}

const MB = 1_000_000
const tls = (host: string, port: number): Server => ({ host, port, security: 'tls' })
const imaps = (host: string) => tls(host, 993)
const pop3s = (host: string) => tls(host, 995)

export const providers: readonly Provider[] = [
  {
    id: 'gmail',
    name: 'Gmail',
    domains: ['gmail.com', 'googlemail.com'],
    imap: imaps('imap.gmail.com'),
    pop3: pop3s('pop.gmail.com'),
    hosts: ['imap.googlemail.com', 'pop.googlemail.com', 'pop3.gmail.com', 'pop3.googlemail.com'],
    greeting: /^Gimap /,
    capability: 'X-GM-EXT-1',
    mx: ['.google.com', '.googlemail.com'],
    hints: ['app-password', 'two-step', 'show-in-imap', 'part-over-pop3'],
    // 15 are said to be allowed (unconfirmed), for all programs of a person together.
    connections: 3,
    // 2,500 MB over IMAP and 1,250 MB over POP3 are stated; who takes more is locked out for up to a day.
    dayBytes: { imap: 2_000 * MB, pop3: 1_000 * MB },
    // 500 MB are stated.
    dayUploadBytes: 400 * MB,
    // When its day begins is not stated (unconfirmed); other quotas of Google begin at midnight there.
    dayZone: 'America/Los_Angeles',
    pop3Part: true,
  },
  {
    id: 'microsoft',
    name: 'Microsoft 365, Outlook.com',
    domains: ['outlook.com', 'hotmail.com', 'live.com', 'msn.com', 'hotmail.co.uk', 'outlook.de', 'live.co.uk'],
    imap: imaps('outlook.office365.com'),
    pop3: pop3s('outlook.office365.com'),
    hosts: ['.office365.com', '.outlook.com', '.partner.outlook.cn'],
    greeting: /^The Microsoft Exchange (IMAP4|POP3) service is ready/i,
    mx: ['.mail.protection.outlook.com', '.mx.microsoft'],
    hints: ['sign-in-only'],
    // Exchange allows 16 for a user; a second one gains little, because it is the requests that are counted.
    connections: 2,
  },
  {
    id: 'yahoo',
    name: 'Yahoo',
    domains: ['yahoo.com', 'ymail.com', 'rocketmail.com', 'yahoo.de', 'yahoo.co.uk', 'yahoo.fr', 'yahoo.it', 'yahoo.es', 'yahoo.co.jp'],
    imap: imaps('export.imap.mail.yahoo.com'),
    pop3: pop3s('pop.mail.yahoo.com'),
    hosts: ['.mail.yahoo.com'],
    hints: ['app-password', 'whole-host'],
    connections: 3,
    newestOnly: { host: 'imap.mail.yahoo.com', messages: 10_000 },
  },
  {
    id: 'aol',
    name: 'AOL',
    domains: ['aol.com', 'aim.com', 'aol.de'],
    imap: imaps('export.imap.aol.com'),
    pop3: pop3s('pop.aol.com'),
    hosts: ['.aol.com'],
    hints: ['app-password', 'whole-host'],
    connections: 3,
    newestOnly: { host: 'imap.aol.com', messages: 10_000 },
  },
  {
    // Answers OK without a body to RFC822, so bodies are asked for by BODY.PEEK[] only, as everywhere; ENVELOPE makes it stumble, and is never asked for.
    id: 'icloud',
    name: 'iCloud',
    domains: ['icloud.com', 'me.com', 'mac.com'],
    imap: imaps('imap.mail.me.com'),
    pop3: null,
    hosts: ['.mail.me.com', '.mail.icloud.com'],
    mx: ['.mail.icloud.com'],
    hints: ['app-password', 'two-step', 'short-user'],
    connections: 2,
  },
  {
    id: 'fastmail',
    name: 'Fastmail',
    domains: ['fastmail.com', 'fastmail.fm'],
    imap: imaps('imap.fastmail.com'),
    pop3: pop3s('pop.fastmail.com'),
    mx: ['.messagingengine.com'],
    hints: ['app-password'],
    connections: 3,
  },
  {
    id: 'gmx',
    name: 'GMX',
    domains: ['gmx.de', 'gmx.net', 'gmx.at', 'gmx.ch', 'gmx.com', 'gmx.eu'],
    imap: imaps('imap.gmx.net'),
    pop3: pop3s('pop.gmx.net'),
    hosts: ['.gmx.net', '.gmx.de', '.gmx.at', '.gmx.ch', '.gmx.com'],
    hints: ['switch-on', 'slow-checks'],
    pop3Interval: 15 * 60,
  },
  {
    id: 'webde',
    name: 'WEB.DE',
    domains: ['web.de'],
    imap: imaps('imap.web.de'),
    pop3: pop3s('pop3.web.de'),
    hosts: ['.web.de'],
    hints: ['switch-on', 'short-user', 'slow-checks'],
    pop3Interval: 15 * 60,
  },
  {
    id: 't-online',
    name: 'T-Online',
    domains: ['t-online.de', 'magenta.de'],
    imap: imaps('secureimap.t-online.de'),
    pop3: pop3s('securepop.t-online.de'),
    hints: ['mail-password'],
  },
  {
    id: 'qq',
    name: 'QQ 邮箱',
    domains: ['qq.com', 'foxmail.com'],
    imap: imaps('imap.qq.com'),
    pop3: pop3s('pop.qq.com'),
    hints: ['authorisation-code', 'switch-on', 'part-over-pop3'],
    connections: 2,
    // A setting on the web page may restrict the listing to the last 30 days (unconfirmed).
    pop3Part: true,
  },
  {
    id: 'exmail',
    name: '腾讯企业邮箱 (exmail.qq.com)',
    domains: [],
    imap: imaps('imap.exmail.qq.com'),
    pop3: pop3s('pop.exmail.qq.com'),
    hosts: ['hwimap.exmail.qq.com', 'hwpop.exmail.qq.com'],
    mx: ['.qq.com'],
    hints: ['authorisation-code', 'switch-on'],
    connections: 2,
    pop3Part: true,
  },
  ...(['163.com', '126.com', 'yeah.net'] as const).map(
    (domain): Provider => ({
      id: domain.split('.')[0]!,
      name: `网易 ${domain}`,
      domains: [domain],
      imap: imaps(`imap.${domain}`),
      pop3: pop3s(`pop.${domain}`),
      // Companies' mail at the same provider has other hosts, and its greeting.
      ...(domain === '163.com' && { hosts: ['.qiye.163.com', '.ym.163.com', '.vip.163.com'], greeting: /\bCoremail\b/ }),
      hints: ['authorisation-code', 'switch-on'],
      connections: 2,
      wantsId: true,
    }),
  ),
  {
    id: 'yandex',
    name: 'Yandex',
    domains: ['yandex.com', 'yandex.ru', 'ya.ru'],
    imap: imaps('imap.yandex.com'),
    pop3: pop3s('pop.yandex.com'),
    hosts: ['imap.yandex.ru', 'pop.yandex.ru', 'imap.ya.ru'],
    mx: ['.yandex.net', '.yandex.ru'],
    hints: ['app-password', 'switch-on'],
    connections: 2,
  },
  {
    id: 'zoho',
    name: 'Zoho',
    domains: ['zoho.com', 'zohomail.com', 'zoho.eu', 'zohomail.eu', 'zoho.in'],
    imap: imaps('imap.zoho.com'),
    pop3: pop3s('pop.zoho.com'),
    hosts: ['.zoho.com', '.zoho.eu', '.zoho.in', '.zoho.com.au', '.zoho.jp', '.zohocloud.ca'],
    hints: ['app-password', 'switch-on'],
    // It blocks accounts for unusual activity over IMAP.
    connections: 1,
  },
  {
    id: 'o2',
    name: 'o2.pl',
    domains: ['o2.pl', 'tlen.pl', 'go2.pl'],
    imap: imaps('poczta.o2.pl'),
    pop3: pop3s('poczta.o2.pl'),
    hints: ['switch-on', 'short-user'],
    connections: 2,
  },
  {
    id: 'wp',
    name: 'Wirtualna Polska (wp.pl)',
    domains: ['wp.pl'],
    imap: imaps('imap.wp.pl'),
    pop3: pop3s('pop3.wp.pl'),
    hints: ['switch-on', 'short-user'],
    connections: 2,
  },
  {
    id: 'onet',
    name: 'Onet',
    domains: ['onet.pl', 'op.pl', 'vp.pl', 'onet.eu', 'poczta.onet.pl', 'poczta.onet.eu'],
    imap: imaps('imap.poczta.onet.pl'),
    pop3: pop3s('pop3.poczta.onet.pl'),
    hints: ['switch-on'],
    connections: 2,
  },
  {
    id: 'proton',
    name: 'Proton Mail Bridge',
    domains: ['proton.me', 'protonmail.com', 'pm.me'],
    imap: { host: '127.0.0.1', port: 1143, security: 'starttls' },
    pop3: null,
    // The loopback address is everybody's, so nothing is concluded from it.
    greeting: /\bProton(Mail|\s?Mail)? Bridge\b/i,
    mx: ['.protonmail.ch'],
    hints: ['bridge'],
    connections: 3,
  },
  {
    id: 'rediff',
    name: 'Rediffmail',
    domains: ['rediffmail.com'],
    imap: null,
    pop3: pop3s('pop.rediffmail.com'),
    hints: ['pop3-only'],
  },
]
