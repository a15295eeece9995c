/** A few messages with everything the reader shows. `images` is where their remote images are. */
import { tnef } from './documents.ts'

/** A forwarded message with a winmail.dat, which holds a text. */
function inner(): Buffer {
  const envelope = tnef({ body: 'In the envelope', file: { name: 'terms.txt', bytes: Buffer.from('The terms of the lighthouse.') } })
  return Buffer.from(
    [
      'From: Jan <jan@example.org>\r\nSubject: Inside\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=i\r\n',
      '--i\r\n\r\nThe message within.\r\n--i',
      'Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Disposition: attachment; filename=winmail.dat',
      `Content-Transfer-Encoding: base64\r\n\r\n${envelope.toString('base64')}\r\n--i--\r\n`,
    ].join('\r\n'),
  )
}

export function readableMail(images: string): { subject: string; bytes: Buffer }[] {
  return [
    message(
      'A plain letter',
      'Message-ID: <1@letters.example>',
      'Content-Type: text/plain; charset=utf-8',
      'Dear Ada,\r\n\r\nshall we mend the lamp?\r\n',
    ),
    message(
      'Re: A plain letter',
      'Message-ID: <2@letters.example>\r\nIn-Reply-To: <1@letters.example>\r\nReferences: <1@letters.example>',
      'Content-Type: text/plain; charset=utf-8',
      'Yes.\r\n\r\n> Dear Ada,\r\n>\r\n> shall we mend\r\n> the lamp?\r\n',
    ),
    message(
      'A formatted letter',
      'Message-ID: <3@letters.example>\r\nIn-Reply-To: <2@letters.example>\r\nAuthentication-Results: mx.example.org; spf=fail smtp.mailfrom=ada@example.org; dmarc=fail header.from=example.org',
      'Content-Type: text/html; charset=utf-8',
      '<p>Dear all, the lamp is <b>mended</b>.</p><p>Jan wrote:</p><blockquote type="cite"><p>the quoted question</p><p>and more of it</p></blockquote>',
    ),
    message(
      'Newsletter',
      'Message-ID: <4@letters.example>',
      'Content-Type: text/html; charset=utf-8',
      `<body style="background:#ffffff"><table width="600" bgcolor="#f4f8ff" style="color:#223344;font:16px Arial"><tr><td><img src="${images}/header.png" width="560" height="80" alt="Spring"><h1 style="color:#0a4a8f">Spring at the harbour</h1><p>The lighthouse is open again. <a href="https://elsewhere.example.net/track">https://harbour.example.org/tickets</a></p><p><img src="${images}/moved" width="80" height="60"><img src="${images}/page" width="80" height="60"><img src="${images}/pixel.gif" width="1" height="1"></p></td></tr></table></body>`,
    ),
    message(
      'Invitation',
      'Message-ID: <5@letters.example>',
      'Content-Type: multipart/mixed; boundary=b',
      [
        '--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nPlease come.\r\n',
        `--b\r\nContent-Type: text/calendar; charset=utf-8; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Odbiór latarni\r\nLOCATION:Przystań, sala 3\r\nDTSTART;TZID=Europe/Warsaw:20260703T100000\r\nDTEND;TZID=Europe/Warsaw:20260703T113000\r\nORGANIZER;CN=Zofia Maj:mailto:zofia@example.org\r\nATTENDEE;CN=Ada Nowak;PARTSTAT=ACCEPTED:mailto:ada@example.org\r\nDESCRIPTION:Bring the plans.\\n${'Long. '.repeat(900)}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`,
        '--b\r\nContent-Type: text/vcard; charset=utf-8\r\n\r\nBEGIN:VCARD\r\nVERSION:4.0\r\nFN:Zofia Maj\r\nORG:Latarnia\r\nEMAIL:zofia@example.org\r\nTEL:+48 600 000 000\r\nEND:VCARD\r\n--b--\r\n',
      ].join(''),
    ),
    message(
      'Attachments',
      'Message-ID: <6@letters.example>',
      'Content-Type: multipart/mixed; boundary=b',
      [
        '--b\r\n\r\nSee below.\r\n',
        part('image/png', 'photo.png', photo()),
        part('text/plain; charset=iso-8859-2', 'notes.txt', Buffer.from('Za\xbf\xf3\xb3\xe6 g\xea\xb6l\xb1 ja\xbc\xf1', 'latin1')),
        part('application/pdf', 'page.pdf', twoPages()),
        part('application/octet-stream', 'inner.eml', inner()),
        part('application/octet-stream', 'setup.pdf.exe', Buffer.from('MZ\x90\0', 'latin1')),
        '--b--\r\n',
      ].join(''),
    ),
  ]
}

function message(subject: string, headers: string, type: string, body: string) {
  const head = `From: Ada Nowak <ada@example.org>\r\nTo: Jan <jan@example.org>\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nSubject: ${subject}\r\n`
  return { subject, bytes: Buffer.from(`${head}${headers}\r\n${type}\r\n\r\n${body}`) }
}

function part(type: string, name: string, bytes: Buffer): string {
  return `--b\r\nContent-Type: ${type}\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`
}

const photo = (): Buffer =>
  Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FAAhKDveksOjmAAAAAElFTkSuQmCC', 'base64')

function twoPages(): Buffer {
  const content = '0.9 0.2 0.2 rg 0 0 300 400 re f'
  const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] /Contents 5 0 R >>'
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>',
    page,
    page,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
  ]
  let out = '%PDF-1.4\n'
  const offsets = objects.map((object, i) => {
    const at = out.length
    out += `${i + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const xref = out.length
  out += `xref\n0 6\n0000000000 65535 f \n${offsets.map(at => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`
  return Buffer.from(out, 'latin1')
}
