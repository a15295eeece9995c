/** By its name and type alone: whether an attachment is worth being opened for its text. The index keeps a list of those, and jobs read them. */
import { extensionOf } from '../../contract/attachmentNames.ts'

export function mayHoldText(name: string, type: string): boolean {
  if (TYPES_WITHOUT.has(type) || (KINDS_WITHOUT.test(type) && type !== 'image/svg+xml')) return false
  return !ENDINGS_WITHOUT.has(extensionOf(name)) || type === 'application/pdf'
}

const KINDS_WITHOUT = /^(?:image|audio|video|font|model)\//
const TYPES_WITHOUT = new Set([
  'application/pgp-signature',
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
  'application/pgp-encrypted',
])
const ENDINGS_WITHOUT = new Set(
  'jpg jpeg png gif webp bmp tif tiff heic avif ico mp3 wav ogg m4a flac amr mp4 mov avi mkv webm exe dll msi iso p7s asc sig pgp gpg ttf otf woff woff2 psd ai eps dwg dxf'.split(
    ' ',
  ),
)
