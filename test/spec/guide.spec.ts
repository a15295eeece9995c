import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from '../../main/cli/args.ts'
import { commands } from '../../main/cli/commands/all.ts'
import { errorCodes } from '../../main/contract/errors.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const guide = read('docs/GUIDE.md')

describe('what is written about Mailcoffer is true of it', () => {
  it('the guide explains every error code, and none that does not exist', () => {
    const rows = [...guide.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, code]) => code)
    expect(rows.sort()).toEqual([...errorCodes].sort())
  })

  it('the guide’s sentences about errors are whole without the names and numbers that the program puts into them', () => {
    const rows = [...guide.matchAll(/^\| `[a-z0-9-]+` \| ([^|]*) \| ([^|]*) \|$/gm)]
    expect(rows.length).toBe(errorCodes.length)
    for (const [, what, todo] of rows) {
      expect(what).toMatch(/^[A-Z].*\.$/)
      expect(todo).toMatch(/^[A-Z`].*\.$/)
      // What was left where a value had been taken out.
      expect(`${what} ${todo}`).not.toMatch(
        /called of|name of this name|in segment is|called that\.|port given|^Segment of|\{\{|""|“”|undefined| {2}| [.,]/,
      )
    }
  })

  it('the guide has a row for every command, with the arguments that --help shows', () => {
    for (const { words } of commands) expect(guide).toMatch(new RegExp(`^\\| \`${words.join(' ')}[ \`]`, 'm'))
  })

  it('every command line that README and guide show is one that is understood', () => {
    for (const page of ['README.md', 'docs/GUIDE.md']) {
      const lines = [...read(page).matchAll(/^(?:\w+=\S+ )*npx mailcoffer ([^#\n]*)/gm)].map(([, line]) => (line as string).trim())
      expect(lines.length).toBeGreaterThan(0)
      for (const line of lines) expect(parse(line.split(/\s+/), commands).command, line).not.toBeNull()
    }
  })

  it('every npm script that is named exists', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: object }
    for (const page of ['README.md', 'docs/GUIDE.md', 'docs/ARCHITECTURE.md', 'docs/PERFORMANCE.md'])
      for (const [, name] of read(page).matchAll(/npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(name)
  })

  it('every file that is linked to is there', () => {
    const pages = [
      'README.md',
      ...readdirSync(join(root, 'docs'))
        .filter(name => name.endsWith('.md'))
        .map(name => `docs/${name}`),
    ]
    const lost = pages.flatMap(page =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map(([, to]) => join(dirname(page), to as string))
        .filter(to => !existsSync(join(root, to)))
        .map(to => `${page} → ${to}`),
    )
    expect(lost).toEqual([])
  })

  it('every room and file that ARCHITECTURE names is there', () => {
    const page = read('docs/ARCHITECTURE.md')
    const named = [
      ...page.matchAll(
        /`((?:main|renderer|test|scripts|contract|jobs|pool|capture|pop3|watch|traffic|copy|restore|losses|attachments|log|index|search|mail|base|archive|answers|cli|state|screens)\/[\w./-]+)`/g,
      ),
    ].map(([, path]) => path as string)
    const places = ['', 'main', 'main/engine', 'main/engine/jobs', 'renderer', 'docs']
    const lost = named.filter(path => !places.some(place => existsSync(join(root, place, path))))
    expect(lost).toEqual([])
  })
})
