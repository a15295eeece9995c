/** Text of attachments: reading it for the index, what of it could not be read, and where in it a search's words stand. */
import type { SearchInside } from '../../contract/search.ts'
import type { EngineContext } from '../context.ts'
import type { RecordId } from '../log/types.ts'
import { rangesOf, snippetAround } from '../search/highlight.ts'
import { readQuery } from '../search/query.ts'
import { askedWords, phrasesFor } from '../search/reasons.ts'
import type { CallAnswers } from '../serve.ts'

type Calls = 'job.attachments' | 'archive.unreadAttachments' | 'search.inside'

const SYSTEM_LOCALE = Intl.DateTimeFormat().resolvedOptions().locale
const MOST_FILES = 5

export function attachmentTextCalls({ archives, attachmentReading, clock }: EngineContext): Pick<CallAnswers, Calls> {
  return {
    'job.attachments': ({ archive }) => attachmentReading.start(archive),

    'archive.unreadAttachments': async ({ archive, why = null, after, limit }, { signal }) => {
      const open = await archives.open(archive)
      const found = await open.ask('unreadAttachments', [{ why, after, limit: limit + 1 }], signal)
      const rows = found.slice(0, limit)
      return { rows: rows.map(({ row, ...one }) => one), next: found.length > limit ? rows.at(-1)!.row : null }
    },

    'search.inside': async ({ archive, query, messages, typing = false, locale = SYSTEM_LOCALE }, { signal }) => {
      const phrases = phrasesFor(askedWords(readQuery(query, { typing, locale, now: clock.now() })), 'text')
      const open = await archives.open(archive)
      const inside: SearchInside[] = []
      for (const id of phrases.length > 0 ? messages : []) {
        if (signal.aborted) break
        const texts = await open.attachmentTexts(id as RecordId).catch(() => []) // the row stands without it
        const files = texts
          .map(({ index, name, text }) => ({ index, name, text: snippetAround(text, phrases), found: rangesOf(text, phrases).length > 0 }))
          .filter(({ found }) => found)
          .map(({ found: _, ...file }) => file)
        inside.push({ id, files: files.slice(0, MOST_FILES) })
      }
      return { inside }
    },
  }
}
