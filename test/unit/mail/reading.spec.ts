/** What the reader says about a message beside its text: lying links, folded quotes, images to ask for, the server's word, invitations and contacts. */
import { describe, expect, test } from 'vitest'
import { readAuthentication } from '../../../main/engine/mail/authentication.ts'
import { readCalendar } from '../../../main/engine/mail/calendar.ts'
import { readContacts } from '../../../main/engine/mail/contacts.ts'
import { headerFields } from '../../../main/engine/mail/header.ts'
import { limitDepth } from '../../../main/engine/mail/htmlDepth.ts'
import { linkWarning, markHtml } from '../../../main/engine/mail/htmlMarks.ts'
import { sanitise } from '../../../main/engine/mail/sanitise.ts'

const clean = (html: string) => sanitise(html, () => null)

describe('a link that does not lead where it says is marked', () => {
  test.each([
    ['https://bank.example/', 'https://evil.example.net/bank', 'mismatch'],
    ['bank.example', 'https://evil.example.net/', 'mismatch'],
    ['www.bank.com/login', 'http://192.0.2.7/login', 'mismatch'],
    ['Log in', 'https://bank.example@evil.example.net/', 'mismatch'],
    ['<https://bank.com>.', 'https://bank.com.evil.net/', 'mismatch'],
    ['b\u200bank.com', 'https://evil.net/', 'mismatch'],
    ['Log in', 'https://xn--pple-43d.com/', 'lookalike'], // аpple, its first letter Cyrillic
    ['Log in', 'https://xn--80ak6aa92e.com/', 'lookalike'], // аррӏе, all Cyrillic
    ['Log in', 'https://раураӏ.com/', 'lookalike'],
    ['Log in', 'https://googlɑ.com/', 'lookalike'],
  ])('%s → %s: %s', (text, href, warning) => expect(linkWarning(text, href)).toBe(warning))

  test.each([
    ['https://www.example.com/a', 'https://example.com/a?utm=1'],
    ['shop.example.co.uk', 'https://www.example.co.uk/'],
    ['Click here', 'https://anything.example/'],
    ['report.pdf', 'https://files.example/report.pdf'],
    ['anna@example.com', 'https://example.org/people/anna'],
    ['3.14', 'https://example.org/'],
    ['v1.2.3 is out.', 'https://example.org/'],
    ['münchen.de', 'https://xn--mnchen-3ya.de/'],
    ['例子.测试', 'https://xn--fsqu00a.xn--0zwm56d/'],
    ['Почта', 'https://почта.рф/'],
    ['zażółć.pl', 'https://zażółć.pl/'],
    ['write', 'mailto:someone@else.example'],
  ])('%s → %s is not', (text, href) => expect(linkWarning(text, href)).toBeNull())

  test('in the HTML, where its own attributes cannot say otherwise', () => {
    const { html, links } = markHtml(
      clean('<p><a href="https://evil.net" data-warn="" title="https://bank.com">https://<b>bank</b>.com</a></p>').html,
    )
    expect(html).toContain('<a data-warn="mismatch" href="https://evil.net"')
    expect(links).toEqual({ mismatched: 1, lookalike: 0 })
  })
})

describe('the conversation quoted at the end of a message is folded', () => {
  const fold = (html: string) => markHtml(clean(html).html).html
  test.each([
    '<p>Yes.</p><p>Anna wrote:</p><blockquote type="cite"><p>Shall we?</p></blockquote>',
    '<div>Yes.</div><div class="gmail_quote"><div>On Monday Anna wrote:</div><blockquote class="gmail_quote">Shall we?</blockquote></div>',
  ])('%s', html =>
    expect(fold(html)).toMatch(/<details class="mailcoffer-quote"><summary><\/summary><(?:blockquote|div)[\s\S]*Shall we\?[\s\S]*<\/details>$/),
  )

  test.each([
    ['answers between the quotes', '<blockquote type="cite">One?</blockquote><p>Yes.</p><blockquote type="cite">Two?</blockquote><p>No.</p>'],
    ['nothing but a quote', '<blockquote type="cite">Forwarded.</blockquote>'],
    ['no quote', '<p>Hello</p>'],
  ])('and stays open where there is %s', (_, html) => expect(fold(html)).not.toContain('<details'))
})

describe('images from the internet', () => {
  test('are left out, numbered, and named for a person who asks for them', () => {
    const { html, remote, blocked } = clean(
      '<img src="https://a.example/1.png#x" width=600><img src="//b.example/2.png"><img src="https://a.example/1.png">',
    )
    expect(html).toBe('<img width="600" data-remote="0" /><img data-remote="1" /><img data-remote="0" />')
    expect(remote).toEqual(['https://a.example/1.png', 'https://b.example/2.png'])
    expect(blocked).toBe(true)
  })
  test.each([
    '<img src="https://t.example/p" width="1" height="1">',
    '<img src="https://t.example/p" width=0 height=0>',
    '<img src="https://t.example/p" style="width:1px;height:1px">',
    '<img src="https://t.example/p" style="display:none">',
    '<img src="https://t.example/p" hidden>',
    '<img src="https://t.example/p" style="opacity:0">',
  ])('that only report the reading are gone: %s', html => expect(clean(html)).toMatchObject({ html: '', remote: [], trackers: 1, blocked: false }))

  test('of the message cannot pretend to be one of those that were left out', () => {
    expect(clean('<img data-remote="0" alt=\'<img data-remote="0"\'>').html).not.toMatch(/<img[^>]* data-remote="0"/)
  })
  test('never name a person, a password, or a file', () => {
    expect(clean('<img src="https://me:secret@a.example/1"><img src="file:///etc/passwd"><img src="ftp://a.example/1">').remote).toEqual([])
  })
})

describe('nesting', () => {
  test('of any depth is made shallow in a moment, with all of its text', () => {
    const began = performance.now()
    const { html } = clean(`<p>start</p>${'<div><b>'.repeat(100_000)}middle${'</b></div>'.repeat(100_000)}<p>end</p>`)
    expect(performance.now() - began).toBeLessThan(3_000)
    expect(html.replace(/<[^>]*>/g, '')).toBe('startmiddleend')
  })
  test('as people write it stays, also where nothing is ever closed', () => {
    const deep = `${'<div>'.repeat(150)}x${'</div>'.repeat(150)}`
    expect(limitDepth(deep)).toBe(deep)
    const open = '<p>one<br><img src=x>'.repeat(2_000)
    expect(limitDepth(open)).toBe(open)
    expect(limitDepth(`${'<div>'.repeat(501)}x`)).toBe(`${'<div>'.repeat(500)}x`)
  })
})

describe('what the receiving server says about the sender', () => {
  const read = (...lines: string[]) => readAuthentication(headerFields(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`)))
  test('is its own topmost word, without its comments', () => {
    expect(
      read(
        'Received: from a by mx.example.org',
        'Authentication-Results: mx.example.org 1; dkim=pass (2048-bit; "key") header.d=example.com',
        ' header.i=@example.com; spf=softfail smtp.mailfrom=a@example.com; dmarc=fail (p=none) header.from=example.com',
        'Received: from b',
        'Authentication-Results: mx.forged.example; dmarc=pass header.from=bank.example',
      ),
    ).toEqual({
      server: 'mx.example.org',
      results: [
        { method: 'dkim', result: 'pass', about: 'example.com, @example.com' },
        { method: 'spf', result: 'softfail', about: 'a@example.com' },
        { method: 'dmarc', result: 'fail', about: 'example.com' },
      ],
    })
  })
  test('is nothing where it said nothing', () => {
    expect(read('Subject: x')).toBeNull()
    expect(read('Authentication-Results: mx.example.org; none')).toEqual({ server: 'mx.example.org', results: [] })
  })
})

describe('an invitation shows', () => {
  const event = (...lines: string[]) =>
    readCalendar(['BEGIN:VCALENDAR', 'METHOD:REQUEST', 'BEGIN:VEVENT', ...lines, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n'))[0]!
  test('what, where, when, and who', () => {
    expect(
      event(
        'SUMMARY:Odbiór budynku\\, etap II',
        'LOCATION:Sala 3',
        'DTSTART;TZID=Europe/Warsaw:20260703T100000',
        'DTEND;TZID=Europe/Warsaw:20260703T113000',
        'ORGANIZER;CN="Nowak, Ada":mailto:ada@example.com',
        'ATTENDEE;PARTSTAT=ACCEPTED;CN=Jan',
        ' :MAILTO:jan@example.com',
        'RRULE:FREQ=WEEKLY;COUNT=3',
        'BEGIN:VALARM',
        'SUMMARY:alarm',
        'END:VALARM',
      ),
    ).toMatchObject({
      method: 'request',
      summary: 'Odbiór budynku, etap II',
      location: 'Sala 3',
      start: { time: Date.UTC(2026, 6, 3, 8), written: '2026-07-03 10:00', allDay: false },
      end: { time: Date.UTC(2026, 6, 3, 9, 30) },
      organizer: { name: 'Nowak, Ada', address: 'ada@example.com' },
      attendees: [{ name: 'Jan', address: 'jan@example.com', answer: 'accepted' }],
      repeats: 'weekly',
    })
  })
  test('a whole day as a day, whatever the reader’s zone; it ends on its last day', () => {
    expect(event('DTSTART;VALUE=DATE:20260703', 'DTEND;VALUE=DATE:20260705')).toMatchObject({
      start: { time: null, written: '2026-07-03', allDay: true },
      end: { written: '2026-07-04', allDay: true },
    })
  })
  test('the clock time as written where its zone is nobody’s', () => {
    expect(event('DTSTART;TZID="My own zone":20260703T100000').start).toEqual({
      time: null,
      written: '2026-07-03 10:00',
      allDay: false,
      zone: 'My own zone',
    })
    expect(event('DTSTART;TZID=Pacific Standard Time:20260115T090000').start?.time).toBe(Date.UTC(2026, 0, 15, 17))
  })
  test('how long it takes where only that is said', () => {
    expect(event('DTSTART:20260703T100000Z', 'DURATION:PT1H30M').end?.time).toBe(Date.UTC(2026, 6, 3, 11, 30))
  })
})

describe('a contact card shows', () => {
  test('names, addresses and numbers of version 3', () => {
    const card = [
      'BEGIN:VCARD',
      'VERSION:3.0',
      'N:Nowak;Ada;;;',
      'FN:Ada Nowak',
      'ORG:Pracownia;Biuro',
      'item1.EMAIL;TYPE=INTERNET:ada@example.com',
      'TEL;TYPE=CELL:+48 600 000 000',
      'ADR;TYPE=HOME:;;ul. Polna 3;Kraków;;30-001;Polska',
      'END:VCARD',
    ]
    expect(readContacts(card.join('\r\n'))).toMatchObject([
      {
        name: 'Ada Nowak',
        organisation: 'Pracownia, Biuro',
        emails: ['ada@example.com'],
        phones: ['+48 600 000 000'],
        addresses: ['ul. Polna 3, Kraków, 30-001, Polska'],
      },
    ])
  })
  test('quoted-printable names of version 2.1', () => {
    const card = 'BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B;=E5=B0=8F=E6=98=8E;;;\nTEL;HOME:123\nEND:VCARD'
    expect(readContacts(card)).toMatchObject([{ name: '小明 王', phones: ['123'] }])
  })
  test('nothing of what is no card', () => {
    expect(readContacts('BEGIN:VCARD\nBEGIN:VCARD\n:::;;;\nEND')).toEqual([])
  })
})
