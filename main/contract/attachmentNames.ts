/**
 * What the name of an attachment tells before anybody opens it. The window, the command line and the engine say the same of the same name.
 * No schema in here: the engine's threads read names, and each that loaded zod with them took five megabytes more.
 */
import type { Danger } from './dangers.ts'

const EXECUTABLE = new Set(
  'exe com scr pif bat cmd cpl msi msp mst msix msixbundle appx appxbundle appinstaller vb vbe vbs js jse mjs wsf wsh wsc sct hta ps1 ps1xml psm1 psd1 ps2 lnk scf url inf ins isp reg rgs job jar jnlp gadget application msc chm hlp dll ocx sys drv xll ade adp mde app command action workflow dmg pkg mpkg osx terminal scpt scptd sh bash zsh csh ksh fish run bin out elf deb rpm apk appimage flatpakref snap desktop py pyc pyw pyz rb pl php ipa iso img vhd vhdx one library-ms search-ms settingcontent-ms theme themepack website diagcab xbap slk iqy'.split(
    ' ',
  ),
)
const MACROS = new Set('docm dotm xlsm xltm xlam xlsb pptm potm ppam ppsm sldm doc dot xls xlt ppt pps pot odt ods odp'.split(' '))
/** Old formats of office programs may hold macros or not: only their content tells. Those that say it in their name always may. */
const MACROS_BY_NAME = new Set('docm dotm xlsm xltm xlam xlsb pptm potm ppam ppsm sldm'.split(' '))
const HARMLESS = new Set(
  'pdf doc docx xls xlsx ppt pptx odt ods odp rtf txt csv jpg jpeg png gif webp bmp tif tiff heic svg mp3 mp4 mov avi zip htm html eml ics vcf'.split(
    ' ',
  ),
)
/** Bidirectional controls, spaces without width, letters that look like nothing. Joiners and variation selectors are left alone: emoji and Persian names need them. */
export const HIDDEN_CHARACTERS =
  /[\p{Cc}\p{Bidi_Control}\u{ad}\u{115f}\u{1160}\u{180e}\u{200b}\u{2028}\u{2029}\u{2060}-\u{2064}\u{3164}\u{feff}\u{ffa0}\u{fff9}-\u{fffb}]/u

/** What the name alone tells. */
export function nameDangers(name: string): Danger[] {
  const found: Danger[] = []
  const plain = name.replace(new RegExp(HIDDEN_CHARACTERS.source, 'gu'), '')
  const extension = extensionOf(plain)
  if (EXECUTABLE.has(extension)) found.push('executable')
  const before = extensionOf(plain.slice(0, -extension.length - 1).trimEnd())
  if (EXECUTABLE.has(extension) && HARMLESS.has(before)) found.push('double-extension')
  // A run of spaces pushes the true ending out of sight.
  else if (/\s{5,}\.?[^.\s]*$/.test(plain)) found.push('double-extension')
  if (HIDDEN_CHARACTERS.test(name)) found.push('hidden-characters')
  if (MACROS_BY_NAME.has(extension)) found.push('macros')
  return found
}

/** Lower case, without the dot; '' where there is none. Dots and spaces at the end do not count: Windows drops them. */
export function extensionOf(name: string): string {
  return /\.([^.\s\\/]{1,20})[.\s]*$/.exec(name)?.[1]?.toLowerCase() ?? ''
}

/** Whether documents of this ending can hold macros at all. */
export const mayHoldMacros = (extension: string): boolean => MACROS.has(extension) || /^(?:doc|xls|ppt|pot|pps|dot|xlt)x$/.test(extension)

/** Whether an attachment of this type and name may be a message that holds others: a forwarded one, winmail.dat, an opaque signature. */
export const mayHoldMessage = (type: string, name: string): boolean => isMessage(type, name) || isEnvelope(type, name)

export const isMessage = (type: string, name: string): boolean =>
  type === 'message/rfc822' || type === 'message/global' || extensionOf(name) === 'eml'
export const isEnvelope = (type: string, name: string): boolean =>
  /^application\/(?:(?:x-)?pkcs7-mime|(?:vnd\.)?ms-tnef)$/.test(type) || /^winmail\.dat$/i.test(name)
