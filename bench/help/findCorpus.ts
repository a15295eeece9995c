/** Where the corpora are: one that was given, or one of ours, made on first use. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { type Corpus, makeCorpus, presets, readCorpus } from '../../test/help/corpus.ts'

/** `corpora`: a folder that holds DIR/<name>/Maildir and a manifest.json. Without one, a temporary folder that stays. */
export function findCorpus(name: string, corpora?: string): Corpus {
  const dir = resolve(corpora ?? join(existsSync('/var/tmp') ? '/var/tmp' : tmpdir(), 'mailcoffer-corpora'), name)
  const found = readCorpus(dir)
  if (found) return found
  const preset = presets[name]
  if (!preset) throw new Error(`There is no corpus ${name} in ${dir}; made here can be: ${Object.keys(presets).join(', ')}.`)
  console.log(`making the ${name} corpus in ${dir} …`)
  const made = makeCorpus(dir, preset)
  // Dovecot refuses uid 0 for mail, and serves it as nobody
  if (userInfo().uid === 0) execFileSync('chown', ['-R', 'nobody', join(dir, 'Maildir')])
  return made
}

/** Reads it once, so that nobody pays for the disk's first read. */
export function warm({ dir }: Corpus): void {
  execFileSync('sh', ['-c', 'find "$1" -type f -exec cat {} + >/dev/null', 'sh', join(dir, 'Maildir')])
}
