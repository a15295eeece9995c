/** The generated messages as files, and `notmuch` over them: what its index costs, and what its searches take. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ReadMessage } from '../../main/engine/index/types.ts'
import type { Measured } from './searches.ts'

const FOLDER = 5000 // files
const encoded = (text: string) => (/^[ -~]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`)

export function createNotmuch(dir: string) {
  const mail = join(dir, 'maildir')
  const config = join(dir, 'notmuch-config')
  const env = { ...process.env, NOTMUCH_CONFIG: config, XAPIAN_CJK_NGRAM: '1' }
  const notmuch = (...args: string[]) => execFileSync('notmuch', args, { env, encoding: 'utf8', maxBuffer: 1e8, stdio: ['ignore', 'pipe', 'ignore'] })
  mkdirSync(mail, { recursive: true })
  writeFileSync(config, `[database]\npath=${mail}\n[user]\nname=Me\nprimary_email=me@example.org\n[new]\ntags=\n[search]\nexclude_tags=\n`)

  return {
    write: (n: number, { subject, from, to, date, rfcMessageId, references, fts, attachments }: ReadMessage) => {
      const folder = join(mail, `f${Math.floor(n / FOLDER)}`, 'cur')
      if (n % FOLDER === 0) for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(folder, '..', part), { recursive: true })
      const people = (list: typeof from) => list.map(({ name, address }) => `${encoded(name)} <${address}>`).join(', ')
      const head = [
        `From: ${people(from)}`,
        `To: ${people(to)}`,
        `Subject: ${encoded(subject)}`,
        `Date: ${new Date(date!).toUTCString()}`,
        `Message-ID: <${rfcMessageId}>`,
        ...references.map(id => `References: <${id}>`),
        'MIME-Version: 1.0',
      ]
      const text = `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n${fts.body.replace(/(.{60}\S*) /g, '$1\n')}\n`
      const files = attachments.map(
        ({ name, type }) =>
          `--b\nContent-Type: ${type}; name="${name}"\nContent-Disposition: attachment; filename="${name}"\nContent-Transfer-Encoding: base64\n\nAAAA\n`,
      )
      const body = files.length === 0 ? text : `Content-Type: multipart/mixed; boundary=b\n\n--b\n${text}${files.join('')}--b--\n`
      writeFileSync(join(folder, `${n}:2,S`), `${head.join('\n')}\n${body}`)
    },

    index: (): { seconds: number; cpu: number; bytes: number; files: number } => {
      const from = performance.now()
      // The shell's second line of times is what its children used.
      const times = execFileSync('sh', ['-c', 'notmuch new --no-hooks --quiet; times'], {
        env,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const seconds = (performance.now() - from) / 1000
      const used = [
        ...times
          .trim()
          .split('\n')[1]!
          .matchAll(/(\d+)m([\d.]+)s/g),
      ]
      const cpu = used.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0)
      const du = (path: string) => Number(execFileSync('du', ['-sb', path], { encoding: 'utf8' }).split('\t')[0])
      return { seconds, cpu, bytes: du(join(mail, '.notmuch')), files: Number(notmuch('count', '*')) }
    },

    /** Ids of the newest 50, as a process of its own, which is how it is used. */
    search: (query: string): number => notmuch('search', '--output=messages', '--sort=newest-first', '--limit=50', query).split('\n').length - 1,
  }
}

/** Those that both can be asked. */
export const askable = (all: readonly Measured[]): Measured[] => all.filter(({ elsewhere }) => elsewhere !== undefined)
