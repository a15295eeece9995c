/** The name an attachment is saved under: what the sender gave it, as far as every file system takes it and a person reads it as it is. */
import { HIDDEN_CHARACTERS } from '../../../contract/attachmentNames.ts'

const MOST_BYTES = 150
const FORBIDDEN = /[<>:"/\\|?*]/g
const HIDDEN = new RegExp(HIDDEN_CHARACTERS.source, 'gu')
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i

/** Never empty, never with a path in it, never hidden; the true ending stays however long the name is. */
export function attachmentName(name: string): string {
  let safe = name
    .normalize('NFC')
    .replaceAll(HIDDEN, '')
    .replaceAll(FORBIDDEN, '_')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/[. ]+$/, '')
  const ending = /\.[^. ]{1,20}$/.exec(safe)?.[0] ?? ''
  let stem = safe.slice(0, safe.length - ending.length)
  while (Buffer.byteLength(stem) > MOST_BYTES - Buffer.byteLength(ending)) stem = [...stem].slice(0, -1).join('')
  safe = stem.trimEnd() + ending
  if (safe.startsWith('.') || RESERVED.test(safe)) safe = `_${safe}`
  return safe === '' ? 'attachment' : safe
}
