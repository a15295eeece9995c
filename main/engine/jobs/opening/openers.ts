/** All that the opening thread is asked for: what mail/open.ts reads, and words for the index. */
import type { Attachment } from '../../../contract/types.ts'
import type { AttachedText } from '../../mail/attached/types.ts'
import { openers as readers } from '../../mail/open.ts'
import { cutTokens, normalise } from '../../search/normalise.ts'

export const openers = {
  ...readers,
  /** The text of an attachment as the index has it (search/normalise.ts), at most `most` characters: what a file says twice the size of stays in the thread. */
  words: async (bytes: Uint8Array, file: Pick<Attachment, 'name' | 'type'>, charset: string | null, most: number): Promise<AttachedText> => {
    const { text, why } = await readers.attached(bytes, file, charset)
    return { text: cutTokens(normalise(text), most), why }
  },
}

export type Openers = typeof openers
