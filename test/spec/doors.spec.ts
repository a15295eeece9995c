/** Who may know whom (DESIGN: arrows point one way), and a few other things that are true of every source file. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Room {
  /** Or a single file that stands apart from its neighbours. */
  folder: string
  /** What of our own it may import. */
  rooms: readonly string[]
  /** What it may import the types of, besides: it is given such a thing, and cannot get one by itself. */
  types?: readonly string[]
  packages: readonly string[]
}

/** The first room that a file is in counts. */
const rooms: readonly Room[] = [
  { folder: 'main/contract', rooms: [], packages: ['zod'] },
  { folder: 'main/engine/base', rooms: ['main/contract'], packages: ['node:'] },
  { folder: 'main/engine/keys', rooms: ['main/contract', 'main/engine/base'], packages: ['node:', 'zod', 'hash-wasm'] },
  { folder: 'main/engine/log', rooms: ['main/contract', 'main/engine/base', 'main/engine/keys'], packages: ['node:', 'zod', 'fzstd'] },
  // What attachments say, by what reads each kind of file.
  {
    folder: 'main/engine/mail/attached',
    rooms: ['main/contract', 'main/engine/base', 'main/engine/mail'],
    packages: ['node:', 'htmlparser2', 'yauzl', 'pdfjs-dist'],
  },
  // Servers and the store do not know each other: jobs bring them together.
  {
    folder: 'main/engine/mail',
    rooms: ['main/contract', 'main/engine/base'],
    packages: ['node:', 'zod', 'imapflow', 'postal-mime', 'chardet', 'iconv-lite', 'htmlparser2', 'sanitize-html', 'postcss'],
  },
  {
    folder: 'main/engine/index',
    rooms: [
      'main/contract',
      'main/engine/base',
      'main/engine/keys',
      'main/engine/log',
      'main/engine/search/normalise.ts',
      'main/engine/search/query.ts',
    ],
    packages: ['node:', 'zod', 'better-sqlite3'],
  },
  {
    folder: 'main/engine/search',
    rooms: ['main/contract', 'main/engine/base', 'main/engine/keys', 'main/engine/log', 'main/engine/index'],
    packages: ['node:', 'zod'],
  },
  // ZIP files are written by one job and read by another, which also reads Outlook's.
  ...(['export', 'import'] as const).map(job => ({
    folder: `main/engine/jobs/${job}`,
    rooms: ['main/contract', 'main/engine/base', 'main/engine/log', 'main/engine/index', 'main/engine/mail', 'main/engine/jobs'],
    packages: ['node:', 'yazl', 'yauzl', ...(job === 'import' ? ['@kenjiuno/msgreader', 'pst-extractor'] : [])],
  })),
  {
    folder: 'main/engine/jobs',
    rooms: [
      'main/contract',
      'main/engine/base',
      'main/engine/keys',
      'main/engine/log',
      'main/engine/index',
      'main/engine/search',
      'main/engine/mail',
      'main/engine/demo',
    ],
    types: ['main/engine/archives.ts'],
    packages: ['node:', 'zod', 'postal-mime', 'fzstd'],
  },
  // The demo as a job uses all of the engine; what it captures from is a mail server that plays the other side, and knows nothing of it.
  { folder: 'main/engine/demo/runDemo.ts', rooms: ['main/contract', 'main/engine'], packages: ['node:'] },
  { folder: 'main/engine/demo', rooms: ['main/contract', 'main/engine/base'], packages: ['node:'] },
  { folder: 'main/engine', rooms: ['main/contract', 'main/engine'], packages: ['node:', 'zod'] },
  { folder: 'main/cli', rooms: ['main/contract', 'main/engine/engine.ts', 'main/engine/version.ts', 'main/engine/base'], packages: ['node:', 'zod'] },
  { folder: 'main/shell', rooms: ['main/contract'], packages: ['node:', 'electron', 'zod'] },
  { folder: 'preload', rooms: ['main/contract'], packages: ['electron'] },
  // A page of its own, without an origin: it knows nothing of the window around it.
  { folder: 'renderer/pdf', rooms: [], packages: ['pdfjs-dist'] },
  {
    folder: 'renderer',
    rooms: ['main/contract'],
    packages: ['react', 'react-dom', 'react-aria-components', '@internationalized/date', 'i18next', 'zustand', 'lucide-react', 'vite/client', 'zod'],
  },
]

interface Import {
  file: string
  what: string
  /** Only its types: gone when the program runs. */
  typeOnly: boolean
}

const sources = ['main', 'preload', 'renderer'].flatMap(folder => filesIn(folder))
const imports = sources.flatMap(importsOf)

describe('the rooms', () => {
  test.each(rooms.map(room => [room.folder, room] as const))('%s knows only the rooms it may know', (folder, room) => {
    const strangers = imports
      .filter(each => roomOf(each.file)?.folder === folder && each.what.startsWith('.'))
      .map(each => ({ from: each.file, to: posix(relative(root, join(root, dirname(each.file), each.what))), typeOnly: each.typeOnly }))
      .filter(
        ({ to, typeOnly }) =>
          ![folder, ...room.rooms, ...(typeOnly ? (room.types ?? []) : [])].some(allowed => to === allowed || to.startsWith(`${allowed}/`)),
      )
    expect(strangers).toEqual([])
  })

  test.each(rooms.map(room => [room.folder, room] as const))('%s uses only the packages it may use', (folder, room) => {
    const strangers = imports
      .filter(each => roomOf(each.file)?.folder === folder && !each.what.startsWith('.'))
      .filter(({ what }) => !room.packages.some(name => (name.endsWith(':') ? what.startsWith(name) : what === name || what.startsWith(`${name}/`))))
    expect(strangers).toEqual([])
  })

  test('every source file is in a room', () => {
    expect(sources.filter(file => !roomOf(file))).toEqual([])
  })

  test('every import of a file names it with its ending, so that Node runs the sources as they are', () => {
    expect(
      imports.filter(({ file, what }) => what.startsWith('.') && !/\.(ts|tsx|css|json|svg|png)(\?\w+)?$/.test(what) && !file.startsWith('renderer/')),
    ).toEqual([])
  })
})

describe('every source file', () => {
  test('keeps SQL to the index', () => {
    const sql = /\b(SELECT\s+[\w*(]|INSERT\s+(OR\s+\w+\s+)?INTO\s|DELETE\s+FROM\s|UPDATE\s+\w+\s+SET\s|CREATE\s+(VIRTUAL\s+)?TABLE\s|PRAGMA\s+\w)/
    expect(saying(sql, file => !file.startsWith('main/engine/index/'))).toEqual([])
  })

  const clocks = ['main/engine/base/clock.ts', 'main/shell/clock.ts']
  test('is given its clock: nobody but the clock.ts of engine and shell asks the computer for the time', () => {
    expect(saying(/\bDate\.now\(|\bnew Date\(\)/, file => !clocks.includes(file) && !file.startsWith('renderer/'))).toEqual([])
  })

  test('has no more than 400 lines, tables of text apart', () => {
    const isText = (file: string) => file.startsWith('renderer/text/') || file.startsWith('main/engine/demo/sample/')
    expect(sources.filter(file => !isText(file) && textOf(file).split('\n').length > 400)).toEqual([])
  })

  test('asks for no cryptography that Electron’s Node is without', () => {
    expect(
      saying(/\bargon2(Sync)?\s*\(|createCipheriv\(\s*['"](?!aes-256-gcm)/, file => file.startsWith('main/engine/') && !file.endsWith('kdf.ts')),
    ).toEqual([])
  })
})

describe('the capture of mail', () => {
  test('has no verb that deletes or changes anything on a server', () => {
    const verbs =
      /\bmessage(Delete|Flags|Move|Copy)|\bmailbox(Delete|Rename|Create)\b|['"`](UID )?(EXPUNGE|STORE|APPEND|DELETE|RENAME|CREATE|COPY|MOVE|SELECT)['"` ]/
    const reads = (file: string) => file.startsWith('main/engine/mail/imap/') && !file.startsWith('main/engine/mail/imap/write/')
    expect(saying(verbs, file => reads(file) || /^main\/engine\/jobs\/(capture|sync|watch)/.test(file))).toEqual([])
  })

  test('has no way to a connection that may write: only a restore asks for one', () => {
    const whoWrites = imports
      .filter(({ file, what, typeOnly }) => !typeOnly && /\/write\/\w+\.ts$/.test(what) && !file.startsWith('main/engine/mail/imap/write/'))
      .map(({ file }) => file)
    expect(whoWrites).toEqual(['main/engine/answers/restore.ts'])
  })
})

describe('this test', () => {
  test('sees imports however they are written', () => {
    const text = [
      `import a from './a.ts'`,
      `import type { B } from './b.ts'`,
      `export * from './c.ts'`,
      `const d = await import('./d.ts')`,
      `import './e.ts'`,
      `import {\n  f,\n  g,\n} from './f.ts'`,
      `type H = import('./h.ts').H`,
      `const i = require('./i.ts')`,
      `// import './not-this.ts'`,
    ].join('\n')
    expect(found(text).map(({ what }) => what)).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts', './h.ts', './i.ts'])
  })

  test('looks at the sources that are there', () => {
    expect(sources.length).toBeGreaterThan(50)
    expect(imports.length).toBeGreaterThan(100)
  })
})

function roomOf(file: string) {
  return rooms.find(({ folder }) => file === folder || file.startsWith(`${folder}/`))
}

/** Lines that match, as `file: line`, comments apart. */
function saying(pattern: RegExp, where: (file: string) => boolean): string[] {
  return sources.filter(where).flatMap(file =>
    withoutComments(textOf(file))
      .split('\n')
      .filter(line => pattern.test(line))
      .map(line => `${file}: ${line.trim()}`),
  )
}

function importsOf(file: string): Import[] {
  return found(textOf(file)).map(each => ({ file, ...each }))
}

function found(text: string): { what: string; typeOnly: boolean }[] {
  const statement = /^\s*(?:import|export)(\s+type\b)?(?:[\w\s{},*$]+?\bfrom)?\s*['"]([^'"\n]+)['"]|\b(?:import|require)\(\s*['"]([^'"\n]+)['"]/gm
  return [...withoutComments(text).matchAll(statement)].map(match => ({ what: (match[2] ?? match[3])!, typeOnly: match[1] !== undefined }))
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}

function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true })
    .map(file => posix(join(folder, String(file))))
    .filter(file => /\.(ts|tsx)$/.test(file) && !file.endsWith('.d.ts'))
    .sort()
}

function posix(path: string): string {
  return path.split(sep).join('/')
}
