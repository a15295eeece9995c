import { type Text, textFor } from '../text/text.ts'
import { useView } from './view.ts'

/** Sentences, numbers and dates in the language of the window. */
export function useText(): Text {
  const language = useView(view => view.language)
  const systemLanguages = useView(view => view.systemLanguages)
  return textFor(language, systemLanguages)
}
