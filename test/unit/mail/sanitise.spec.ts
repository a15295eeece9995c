/** Nothing in a message's HTML runs, asks, or is fetched. */
import { Parser } from 'htmlparser2'
import { describe, expect, test } from 'vitest'
import { sanitise } from '../../../main/engine/mail/sanitise.ts'

const noImages = () => null
const clean = (html: string, image: (cid: string) => string | null = noImages) => sanitise(html, image)

const GIF = 'data:image/gif;base64,R0lGODlhAQABAAAAACw='

describe('what people wrote stays', () => {
  const cases: [string, string][] = [
    ['text and its marks', '<p>Hello <b>you</b> &amp; <i>me</i></p>'],
    [
      'tables with their looks',
      '<table width="600" bgcolor="#ffffff" cellpadding="0"><tbody><tr><td align="left" colspan="2">x</td></tr></tbody></table>',
    ],
    ['styles', '<p style="color:red;font:12px/1.4 Arial;margin:0 auto !important">x</p>'],
    ['lists and quotes', '<ul><li>a</li></ul><blockquote type="cite">b</blockquote>'],
    ['an image within the page', `<img src="${GIF}" alt="dot" />`],
  ]
  for (const [what, html] of cases) test(what, () => expect(clean(html)).toMatchObject({ html, blocked: false, remote: [] }))

  test('links keep where they lead to, and say it', () => {
    expect(clean('<a href="https://example.com/x?a=1">x</a>').html).toBe(
      '<a href="https://example.com/x?a=1" title="https://example.com/x?a=1" target="_blank">x</a>',
    )
    expect(clean('<a href="mailto:a@example.com" title="somewhere else">x</a>').html).toBe(
      '<a href="mailto:a@example.com" title="mailto:a@example.com" target="_blank">x</a>',
    )
  })

  test('images of the message itself come from the message', () => {
    const { html, blocked } = clean('<img src="cid:logo%40x"><img src="CID:other">', cid => (cid === 'logo@x' ? GIF : null))
    expect(html).toBe(`<img src="${GIF}" /><img />`)
    expect(blocked).toBe(false)
  })

  test('style sheets keep what only styles', () => {
    const { html } = clean('<style>p { color: red } @media (max-width: 600px) { td { width: 100% !important } }</style><p>x</p>')
    expect(html).toMatch(/^<style>.*color:\s*red.*@media.*width:\s*100%\s*!important.*<\/style><p>x<\/p>$/s)
  })
})

/** Ways to reach a network. Each must be gone, and noticed. */
const REMOTE = 'http://evil.example/x'
const reaching: [string, string][] = [
  ['an image', `<img src="${REMOTE}">`],
  ['an image without its protocol', '<img src="//evil.example/x">'],
  ['an image in upper case and with white space', `<IMG SRC=" HTTP://evil.example/x ">`],
  ['a set of images', `<img srcset="${REMOTE} 2x" src="${GIF}">`],
  ['a picture source', `<picture><source srcset="${REMOTE}"><img></picture>`],
  ['a background attribute', `<table background="${REMOTE}"><tr><td>x</td></tr></table>`],
  ['a background of a body', `<body background="${REMOTE}">x</body>`],
  ['a style', `<p style="background:url(${REMOTE})">x</p>`],
  ['a style in quotes', `<p style='background-image: URL( "${REMOTE}" )'>x</p>`],
  ['an image set', `<p style="background:image-set('${REMOTE}' 1x)">x</p>`],
  ['a list marker', `<li style="list-style:square url(${REMOTE})">x</li>`],
  ['a custom property', `<p style="--x:url(${REMOTE});background:var(--x)">x</p>`],
  ['a sheet', `<style>p{background:url(${REMOTE})}</style><p>x`],
  ['a sheet in a media query', `<style>@media all{p{background:url(${REMOTE})}}</style>`],
  ['an import', `<style>@import url(${REMOTE});</style>`],
  ['an import as text', `<style>@import "${REMOTE}";</style>`],
  ['a font', `<style>@font-face{font-family:x;src:url(${REMOTE})}</style>`],
  ['a linked sheet', `<link rel="stylesheet" href="${REMOTE}">`],
  ['a video', `<video src="${REMOTE}" poster="${REMOTE}"></video>`],
  ['a video poster alone', `<video poster="${REMOTE}"></video>`],
  ['audio', `<audio src="${REMOTE}"></audio>`],
  ['an object', `<object data="${REMOTE}"></object>`],
  ['an embedded thing', `<embed src="${REMOTE}">`],
  ['a frame', `<iframe src="${REMOTE}"></iframe>`],
  ['an image in SVG', `<svg><image xlink:href="${REMOTE}"/></svg>`],
  ['an input that is an image', `<input type="image" src="${REMOTE}">`],
]

/** The same, and other dangers, that need not be announced. */
const silent: [string, string][] = [
  ['a script', '<script>alert(1)</script>'],
  ['a script from elsewhere', '<p>x</p><script src="data:text/javascript,1"></script>'],
  ['an event handler', '<p onclick="x()" onmouseover=x()>y</p>'],
  ['a javascript: link', '<a href="javascript:x()">y</a>'],
  ['a javascript: link in pieces', '<a href="java\nscript:x()">y</a><a href="&#106;avascript:x()">z</a>'],
  ['a data: link', '<a href="data:text/html,x">y</a>'],
  ['a form', '<form action="http://evil.example/x"><input name=a><button>go</button></form>'],
  ['a refresh', '<meta http-equiv="refresh" content="0;url=http://evil.example/x">'],
  ['a base', '<base href="http://evil.example/">'],
  ['a frame with content', '<iframe srcdoc="<script>x()</script>"></iframe>'],
  ['SVG with a script', '<svg onload=x()><script>y()</script></svg>'],
  ['SVG as an image', '<img src="data:image/svg+xml;base64,PHN2Zz4=">'],
  ['HTML as an image', '<img src="data:text/html;base64,PHN2Zz4=">'],
  ['MathML', '<math><mtext><style><img src=x onerror=y()></style></mtext></math>'],
  ['a comment that ends early', '<!--><img src=x onerror=y()>-->'],
  ['a title that hides a tag', '<title><img src=x onerror=y()></title>'],
  ['a noscript that hides a tag', '<noscript><p title="</noscript><img src=x onerror=y()>"></noscript>'],
  ['an attribute that breaks out', '<p title="&quot;><script>x()</script>">y</p>'],
  ['a style that breaks out', '<style></style><script>x()</script>p{}</style>'],
  ['a style that spells itself with backslashes', '<p style="background:u\\72l(http://evil.example/x)">x</p>'],
  ['a sheet that spells itself with backslashes', '<style>p{background:\\75rl(http://evil.example/x)}@\\69mport "http://evil.example/x";</style>'],
  ['a style with comments in it', '<p style="background:url/**/(http://evil.example/x);width:expression(x())">x</p>'],
  ['a style that closes its rule', '<p style="color:red}body{background:url(http://evil.example/x)">x</p>'],
  ['a behaviour', '<p style="behavior:url(#x);-moz-binding:url(#y)">x</p>'],
  ['an XML island', '<xml><a>x</a></xml><?xml-stylesheet href="http://evil.example/x"?>'],
  ['ten thousand open tags', '<div>'.repeat(10_000)],
]

const LOADING = /^(src|srcset|background|poster|data|action|formaction|srcdoc|lowsrc|dynsrc|ping|manifest|xlink:href|on.*|id)$/
const FORBIDDEN =
  /^(script|iframe|frame|object|embed|form|input|button|textarea|select|meta|base|link|svg|math|video|audio|source|template|noscript|title)$/

/** What a browser would find in it, looked for by another reading than the one that cleaned it. */
function dangers(html: string): string[] {
  const found: string[] = []
  let tag = ''
  let css = ''
  const parser = new Parser({
    onopentagname(name) {
      tag = name
      if (FORBIDDEN.test(name)) found.push(`<${name}>`)
    },
    onattribute(name, value) {
      if (name === 'style') css += `${value};`
      else if (name === 'href') {
        if (tag !== 'a' || !/^(https?:\/\/|mailto:)/.test(value)) found.push(`${name}=${value}`)
      } else if (LOADING.test(name) && !(tag === 'img' && name === 'src' && /^data:image\/(gif|png|jpeg);base64,[\w+/=]*$/.test(value)))
        found.push(`${name}=${value}`)
    },
    ontext(text) {
      if (tag === 'style') css += text
    },
    onclosetag() {
      tag = ''
    },
  })
  parser.end(html)
  if (/url|import|expression|image-set|binding|behavior|\\|http|</i.test(css)) found.push(css)
  return found
}

describe('what would be fetched is left out, and that is said', () => {
  for (const [what, html] of reaching)
    test(what, () => {
      const result = clean(`<p>before</p>${html}<p>after</p>`)
      expect(dangers(result.html)).toEqual([])
      expect(result.blocked).toBe(true)
    })
})

describe('what would run or trick is left out', () => {
  for (const [what, html] of silent)
    test(what, () => {
      const result = clean(`<p>before</p>${html}`)
      expect(dangers(result.html)).toEqual([])
      expect(result.html).toContain('before')
    })
})

test('cleaning what is clean changes nothing', () => {
  const once = clean(reaching.map(([, html]) => html).join('') + silent.map(([, html]) => html).join('')).html
  // The numbers of images from elsewhere are ours; whoever brings one of their own loses it.
  expect(clean(once).html).toBe(once.replace(/ data-remote="\d+"/g, ''))
})
