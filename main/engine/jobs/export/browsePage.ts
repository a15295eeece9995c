/** The page itself: one file, no network, nothing of a message ever becomes HTML (text is set as text). Speaks the browser's language. */
import { createHash } from 'node:crypto'

const texts = {
  en: {
    search: 'Filter by words',
    all: 'All mailboxes',
    shown: 'shown of',
    date: 'Date',
    from: 'From',
    subject: 'Subject',
    mailbox: 'Mailbox',
    size: 'Size',
    gone: 'no longer on the server',
    more: 'Show more',
    lists: 'Lists: manifest.jsonl has everything about each message, messages.csv opens in a spreadsheet, SHA256SUMS proves the files.',
  },
  pl: {
    search: 'Filtruj po słowach',
    all: 'Wszystkie skrzynki',
    shown: 'widocznych z',
    date: 'Data',
    from: 'Od',
    subject: 'Temat',
    mailbox: 'Skrzynka',
    size: 'Rozmiar',
    gone: 'już nie ma na serwerze',
    more: 'Pokaż więcej',
    lists: 'Spisy: manifest.jsonl zawiera wszystko o każdej wiadomości, messages.csv otwiera się w arkuszu, SHA256SUMS potwierdza pliki.',
  },
  de: {
    search: 'Nach Wörtern filtern',
    all: 'Alle Postfächer',
    shown: 'angezeigt von',
    date: 'Datum',
    from: 'Von',
    subject: 'Betreff',
    mailbox: 'Postfach',
    size: 'Größe',
    gone: 'nicht mehr auf dem Server',
    more: 'Mehr anzeigen',
    lists: 'Listen: manifest.jsonl sagt alles über jede Nachricht, messages.csv öffnet sich in einer Tabelle, SHA256SUMS beweist die Dateien.',
  },
  zh: {
    search: '按词筛选',
    all: '所有邮箱',
    shown: '条已显示，共',
    date: '日期',
    from: '发件人',
    subject: '主题',
    mailbox: '邮箱',
    size: '大小',
    gone: '服务器上已不存在',
    more: '显示更多',
    lists: '清单：manifest.jsonl 含每封邮件的全部信息，messages.csv 可用表格软件打开，SHA256SUMS 用于校验文件。',
  },
}

const style = `
:root { color-scheme: light dark; font: 14px/1.45 system-ui, sans-serif; --line: color-mix(in srgb, currentColor 15%, transparent); --soft: color-mix(in srgb, currentColor 60%, transparent) }
body { margin: 0 auto; max-width: 75rem; padding: 1.5rem }
h1 { font-size: 1.35rem; margin: 0 0 .75rem }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; position: sticky; top: 0; padding: .5rem 0; background: Canvas }
input, select, button { font: inherit; padding: .35rem .6rem; border: 1px solid var(--line); border-radius: .4rem; background: Canvas; color: inherit }
input { flex: 1 1 16rem }
table { width: 100%; border-collapse: collapse; table-layout: fixed }
th { text-align: start; font-weight: 600; color: var(--soft) }
th, td { padding: .35rem .5rem; border-bottom: 1px solid var(--line); overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
th:nth-child(1) { width: 9.5rem } th:nth-child(2) { width: 24% } th:nth-child(4) { width: 16% } th:nth-child(5) { width: 5.5rem }
td:nth-child(5), th:nth-child(5) { text-align: end; font-variant-numeric: tabular-nums }
.gone { color: var(--soft) } .gone a::after { content: ' ·'; }
p { color: var(--soft) } a { color: inherit; text-decoration-color: var(--line) }
`

const script = `
'use strict'
const all = []
function rows(more) { for (const row of more) all.push(row) }
addEventListener('DOMContentLoaded', () => {
  const texts = TEXTS
  const t = texts[navigator.language.slice(0, 2)] || texts.en
  const $ = id => document.getElementById(id)
  document.documentElement.lang = navigator.language
  for (const key of ['date', 'from', 'subject', 'mailbox', 'size']) $('h-' + key).textContent = t[key]
  $('words').placeholder = t.search; $('words').setAttribute('aria-label', t.search); $('more').textContent = t.more; $('lists').textContent = t.lists
  const box = $('mailbox')
  box.add(new Option(t.all, ''))
  for (const name of [...new Set(all.map(row => row[4]))].sort()) box.add(new Option(name, name))
  all.sort((a, b) => (a[1] < b[1] ? 1 : a[1] > b[1] ? -1 : 0))
  const fold = text => text.toLowerCase().normalize('NFKD').replace(/\\p{M}/gu, '').replaceAll('ł', 'l').replaceAll('ß', 'ss')
  let found = [], shown = 0
  const size = n => (n < 1e6 ? Math.ceil(n / 1000) + ' kB' : (n / 1e6).toFixed(1) + ' MB')
  function more() {
    for (const row of found.slice(shown, shown + 200)) {
      const tr = $('rows').insertRow()
      if (row[6]) { tr.className = 'gone'; tr.title = t.gone }
      tr.insertCell().textContent = row[1]
      tr.insertCell().textContent = row[2]
      const cell = tr.insertCell()
      if (row[0] === null) cell.textContent = row[3]
      else { const a = document.createElement('a'); a.href = row[0].split('/').map(encodeURIComponent).join('/'); a.textContent = row[3] || '—'; cell.append(a) }
      cell.title = row[3]
      tr.insertCell().textContent = row[4]
      tr.insertCell().textContent = size(row[5])
    }
    shown = Math.min(found.length, shown + 200)
    $('count').textContent = shown + ' ' + t.shown + ' ' + found.length
    $('more').hidden = shown >= found.length
  }
  function filter() {
    const words = fold($('words').value).split(/\\s+/).filter(Boolean)
    found = all.filter(row => (box.value === '' || row[4] === box.value) && words.every(word => (row[7] ??= fold(row[2] + ' ' + row[3] + ' ' + row[1])).includes(word)))
    shown = 0
    $('rows').replaceChildren()
    more()
  }
  $('words').addEventListener('input', filter); box.addEventListener('change', filter); $('more').addEventListener('click', more)
  $('form').addEventListener('submit', event => event.preventDefault())
  filter()
})
`

export function page({ name, messages, scripts }: { name: string; messages: number; scripts: readonly string[] }): string {
  const code = script.replace('TEXTS', JSON.stringify(texts))
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  // 'self' is nothing for a file: the data files are allowed by their scheme, and what they may do is call rows().
  const policy = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(code)} file: 'self'; base-uri 'none'; form-action 'none'`
  return `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${escaped(name)}</title>
<style>${style}</style>
<script>${code}</script>
${scripts.map(path => `<script src="${escaped(path)}" charset="utf-8"></script>`).join('\n')}
</head>
<body>
<h1>${escaped(name)} <small>(${messages})</small></h1>
<form id="form"><input id="words" type="search" autofocus><select id="mailbox"></select><span id="count"></span></form>
<table><thead><tr><th id="h-date"></th><th id="h-from"></th><th id="h-subject"></th><th id="h-mailbox"></th><th id="h-size"></th></tr></thead><tbody id="rows"></tbody></table>
<p><button id="more" type="button" hidden></button></p>
<p id="lists"></p>
</body>
</html>
`
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
