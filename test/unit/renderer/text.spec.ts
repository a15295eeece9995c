import { describe, expect, test } from 'vitest'
import { errorCodes } from '../../../main/contract/errors.ts'
import { errorSentences, errorTexts } from '../../../renderer/text/errors/sentences.ts'
import { flatten, languageNames, languageOrder, textFor, texts } from '../../../renderer/text/text.ts'

const languages = languageOrder
const english = flatten(texts.en)
/** `count.messages_few` and `count.messages_other` are one text. */
const stem = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, '')
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1]).sort()

describe('the texts of the window', () => {
  test('stand in four languages, each called by its own name', () => {
    expect([...languages].sort()).toEqual(['de', 'en', 'pl', 'zh'])
    expect(languageNames.zh).toBe('简体中文')
  })

  test.each(languages)('in %s nothing is missing, empty, or left over', language => {
    const flat = flatten(texts[language])
    expect(new Set(Object.keys(flat).map(stem))).toEqual(new Set(Object.keys(english).map(stem)))
    expect(Object.entries(flat).filter(([, text]) => text.trim() === '')).toEqual([])
  })

  test.each(languages)('in %s every text is filled with the same facts as in English', language => {
    for (const [key, text] of Object.entries(flatten(texts[language]))) {
      const pattern = english[key] ?? english[`${stem(key)}_other`]!
      expect(holes(text), key).toEqual(holes(pattern))
    }
  })

  test.each(languages)('in %s every plural has exactly the forms that the language counts with', language => {
    const forms = [...new Intl.PluralRules(language).resolvedOptions().pluralCategories].sort()
    const flat = flatten(texts[language])
    for (const key of Object.keys(flat).filter(key => key.endsWith('_other'))) {
      const has = forms.filter(form => `${stem(key)}_${form}` in flat)
      expect(has, key).toEqual(forms)
    }
  })

  test('Polish counts as Polish does', () => {
    const { plural } = textFor('pl')
    expect([1, 2, 5, 12, 22, 1204].map(n => plural('count.mailboxes', n).replaceAll(' ', ' '))).toEqual([
      '1 folder',
      '2 foldery',
      '5 folderów',
      '12 folderów',
      '22 foldery',
      '1204 foldery',
    ])
  })

  test('a name with signs that mean something in HTML stays as it is', () => {
    expect(textFor('en').t('list.searchPlaceholder', { name: 'A & <B>' })).toBe('Search A & <B>')
  })
})

describe('every error a person can meet', () => {
  test.each(languages)('says in %s what happened, what is safe and what to do', language => {
    expect(Object.keys(errorTexts[language]).sort()).toEqual([...errorCodes].sort())
    for (const code of errorCodes) {
      const { what, safe, act } = errorSentences(language, code)
      for (const sentence of [what, safe, act]) {
        expect(sentence, code).toMatch(/[.。]$/)
        expect(sentence, code).not.toMatch(/[[\]{}…]|\s[,.;:]|\s{2}/)
      }
    }
  })

  test.each(languages)('reads well in %s with every fact it could name', language => {
    const facts = {
      host: 'imap.example.org',
      port: 993,
      path: '/mnt/drive',
      name: 'Work',
      mailbox: 'INBOX',
      uid: 17,
      least: 8,
      segment: 3,
      offset: 9,
      field: 'port',
    }
    for (const code of errorCodes) {
      const { what, safe, act } = errorSentences(language, code, facts)
      expect(`${what} ${safe} ${act}`, code).not.toMatch(/[[\]{}]|…/)
    }
  })

  test('names the facts it was given, and leaves out the words around those it was not', () => {
    expect(errorSentences('en', 'connection-refused', { host: 'imap.example.org', port: 993 }).what).toBe(
      'The computer imap.example.org is there, but nothing answers at port 993.',
    )
    expect(errorSentences('en', 'connection-refused').what).toBe('The computer is there, but nothing answers.')
  })

  test('is not the English sentence in another language', () => {
    for (const language of languages.filter(language => language !== 'en'))
      for (const code of errorCodes) expect(errorTexts[language][code], code).not.toEqual(errorTexts.en[code])
  })
})
