/** What helps to search: proposals while one types, searches that were kept, and those of late. In the profile, sealed with everything else. */
import type { SearchList } from '../../contract/search.ts'
import type { EngineContext } from '../context.ts'
import { offered, operatorNamed, proposals } from '../search/complete.ts'
import { type Field, wordFields } from '../search/fields.ts'
import type { CallAnswers } from '../serve.ts'

type Calls = 'search.complete' | 'search.operators' | 'search.list' | 'search.save' | 'search.forget' | 'search.remember' | 'search.forgetRecent'

const RECENT = 20
const SAVED = 200
const PEOPLE = 8
const NONE: SearchList = { saved: [], recent: [] }

export function searchesCalls({ archives, profiles }: EngineContext): Pick<CallAnswers, Calls> {
  const list = async () => (await profiles.current()).settings().searches ?? NONE
  const change = async (next: (before: SearchList) => SearchList) =>
    (await (await profiles.current()).update(settings => ({ ...settings, searches: next(settings.searches ?? NONE) }))).searches ?? NONE

  return {
    'search.complete': async ({ archives: ids, query, language }, { signal }) => {
      const open = await Promise.all(ids.map(id => archives.open(id)))
      const summaries = await archives.list()
      return {
        proposals: await proposals(
          query,
          language,
          {
            people: async (tokens, field) => {
              const columns = wordFields[field satisfies Field]
              const found = await Promise.all(open.map(({ ask }) => ask('people', [{ tokens, columns, limit: PEOPLE }], signal)))
              return found.flat().filter(({ address }, at, all) => all.findIndex(one => one.address.toLowerCase() === address.toLowerCase()) === at)
            },
            mailboxes: async () => {
              const found = await Promise.all(open.map(({ ask }) => ask('mailboxes', [], signal)))
              return [
                ...new Set(
                  found
                    .flat()
                    .sort((a, b) => b.messages - a.messages)
                    .map(({ name }) => name),
                ),
              ]
            },
            accounts: () => summaries.map(({ name }) => name),
          },
          await list(),
        ),
      }
    },
    'search.operators': ({ language }) => offered.map(operator => ({ operator, name: operatorNamed(operator, language) })),
    'search.list': list,
    'search.save': ({ name, query }) =>
      change(({ saved, recent }) => ({ saved: [...saved.filter(one => one.name !== name), { name, query }].slice(-SAVED), recent })),
    'search.forget': ({ name }) => change(({ saved, recent }) => ({ saved: saved.filter(one => one.name !== name), recent })),
    'search.remember': ({ query }) =>
      change(({ saved, recent }) => ({ saved, recent: [query.trim(), ...recent.filter(one => one !== query.trim())].slice(0, RECENT) })),
    'search.forgetRecent': () => change(({ saved }) => ({ saved, recent: [] })),
  }
}
