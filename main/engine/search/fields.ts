/** The operators of the query language: what they are called in each language, and the values they take. */
import type { OperatorName } from '../../contract/search.ts'
import type { WordColumn } from '../index/wanted.ts'

/** Operators that look for words in a part of the message. */
export const wordFields = {
  subject: ['subject'],
  from: ['sender'],
  to: ['addressee'],
  cc: ['copied'],
  with: ['sender', 'addressee', 'copied'],
  body: ['body'],
  filename: ['names'],
  attachment: ['text', 'names'],
} as const satisfies Record<string, readonly WordColumn[]>

export type WordField = keyof typeof wordFields
export type Field = OperatorName

/** English first: that is how they are written when one is offered to an English window; then Polish, German, Chinese. */
export const fieldNames: Record<Field, readonly (readonly string[])[]> = {
  from: [['from'], ['od'], ['von'], ['发件人']],
  to: [['to'], ['do'], ['an'], ['收件人']],
  cc: [['cc', 'bcc'], ['dw'], ['kopie'], ['抄送']],
  with: [['with'], ['z'], ['mit'], ['往来']],
  subject: [['subject'], ['temat'], ['betreff'], ['主题']],
  body: [['body'], ['treść', 'tresc'], ['text'], ['正文']],
  filename: [['filename', 'file'], ['plik'], ['datei'], ['文件名', '文件']],
  attachment: [['attachment'], ['załącznik', 'zalacznik'], ['anhang'], ['附件']],
  type: [['type', 'filetype'], ['typ'], ['typ'], ['类型']],
  has: [['has'], ['ma'], ['hat'], ['含有', '包含']],
  in: [
    ['in', 'folder', 'mailbox'],
    ['w', 'folder'],
    ['in', 'ordner'],
    ['位于', '文件夹'],
  ],
  account: [['account', 'archive'], ['konto'], ['konto'], ['帐户', '账户']],
  before: [['before', 'until'], ['przed'], ['vor', 'bis'], ['早于']],
  after: [['after', 'since'], ['po'], ['nach', 'seit'], ['晚于']],
  on: [['on', 'date'], ['dnia', 'data'], ['am', 'datum'], ['日期']],
  older: [['older', 'older_than'], ['starsze'], ['älter', 'alter', 'aelter'], ['更早']],
  newer: [['newer', 'newer_than'], ['nowsze'], ['neuer'], ['更新']],
  larger: [['larger', 'bigger'], ['większe', 'wieksze'], ['größer', 'grosser', 'groesser'], ['大于']],
  smaller: [['smaller'], ['mniejsze'], ['kleiner'], ['小于']],
  is: [['is'], ['jest'], ['ist'], ['状态']],
  'message-id': [['message-id', 'messageid', 'msgid'], [], [], []],
  list: [['list'], ['lista'], ['liste'], ['列表']],
}

export const isValues = ['unread', 'read', 'flagged', 'answered', 'gone', 'duplicate', 'unindexed'] as const
export type IsValue = (typeof isValues)[number]
export const isNames: Record<IsValue, readonly (readonly string[])[]> = {
  unread: [['unread', 'unseen', 'new'], ['nieprzeczytane', 'nieprzeczytana'], ['ungelesen'], ['未读']],
  read: [['read', 'seen'], ['przeczytane', 'przeczytana'], ['gelesen'], ['已读']],
  flagged: [
    ['flagged', 'starred'],
    ['oflagowane', 'oznaczone'],
    ['markiert', 'gekennzeichnet'],
    ['已标记', '星标'],
  ],
  answered: [['answered', 'replied'], ['odpowiedziane', 'z-odpowiedzią'], ['beantwortet'], ['已回复']],
  gone: [
    ['gone', 'deleted'],
    ['usunięte', 'zniknęło'],
    ['verschwunden', 'gelöscht', 'weg'],
    ['已消失', '已删除'],
  ],
  duplicate: [['duplicate', 'twice'], ['duplikat', 'podwójne'], ['doppelt', 'duplikat'], ['重复']],
  unindexed: [['unindexed'], ['niezindeksowane'], ['nicht-indiziert', 'nichtindiziert'], ['未索引']],
}

export const hasValues = ['attachment', 'link', 'image'] as const
export type HasValue = (typeof hasValues)[number]
export const hasNames: Record<HasValue, readonly (readonly string[])[]> = {
  attachment: [['attachment', 'attachments', 'file'], ['załącznik', 'załączniki'], ['anhang', 'anhänge', 'anlage'], ['附件']],
  link: [['link', 'links', 'url'], ['link', 'odnośnik', 'odnośniki'], ['link', 'links', 'verweis'], ['链接']],
  image: [
    ['image', 'images', 'picture', 'photo'],
    ['obraz', 'zdjęcie', 'obrazek'],
    ['bild', 'bilder', 'foto'],
    ['图片', '照片'],
  ],
}

/** What people mean by a type, as endings of names and as MIME says it (index/marks.ts). */
const typeGroups: readonly [names: readonly string[], kinds: readonly string[]][] = [
  [
    ['image', 'picture', 'photo', 'obraz', 'zdjęcie', 'bild', 'foto', '图片'],
    ['image', 'jpg', 'jpeg', 'png', 'gif', 'webp', 'heic', 'tif', 'tiff', 'bmp', 'svg'],
  ],
  [
    ['document', 'dokument', 'word', '文档'],
    ['pdf', 'doc', 'docx', 'odt', 'rtf', 'pages', 'msword'],
  ],
  [
    ['spreadsheet', 'table', 'arkusz', 'tabelle', 'excel', '表格'],
    ['xls', 'xlsx', 'ods', 'csv', 'numbers', 'excel'],
  ],
  [
    ['presentation', 'slides', 'prezentacja', 'präsentation', 'powerpoint', '演示文稿'],
    ['ppt', 'pptx', 'odp', 'key'],
  ],
  [
    ['archive', 'archiwum', 'archiv', '压缩包'],
    ['zip', '7z', 'rar', 'tar', 'gz', 'tgz', 'bz2', 'xz'],
  ],
  [
    ['audio', 'sound', 'dźwięk', 'ton', '音频'],
    ['audio', 'mp3', 'wav', 'ogg', 'm4a', 'flac', 'amr'],
  ],
  [
    ['video', 'film', 'wideo', '视频'],
    ['video', 'mp4', 'mov', 'avi', 'mkv', 'webm'],
  ],
  [
    ['calendar', 'invitation', 'kalendarz', 'zaproszenie', 'kalender', 'einladung', '日历'],
    ['calendar', 'ics'],
  ],
  [
    ['contact', 'kontakt', 'vcard', '联系人'],
    ['vcard', 'vcf'],
  ],
  [
    ['message', 'mail', 'wiadomość', 'nachricht', '邮件'],
    ['rfc822', 'eml', 'msg'],
  ],
  [
    ['text', 'tekst', '文本'],
    ['txt', 'md', 'plain', 'log'],
  ],
  [
    ['html', 'htm'],
    ['html', 'htm'],
  ],
  [
    ['jpg', 'jpeg'],
    ['jpg', 'jpeg'],
  ],
  [
    ['tif', 'tiff'],
    ['tif', 'tiff'],
  ],
]

/** Null: no group, but a type by itself. */
export const typeGroup = (folded: string): readonly string[] | null =>
  typeGroups.find(([names]) => names.some(name => fold(name) === folded))?.[1] ?? null

export const typeNames: readonly string[] = typeGroups.map(([names]) => names[0]!)

/** Roles of mailboxes that can be asked for by a common name wherever they are called otherwise. */
export const roleNames: Record<string, readonly string[]> = {
  inbox: ['inbox', 'odebrane', 'posteingang', '收件箱'],
  sent: ['sent', 'wysłane', 'gesendet', '已发送'],
  drafts: ['drafts', 'szkice', 'robocze', 'entwürfe', '草稿', '草稿箱'],
  trash: ['trash', 'bin', 'kosz', 'papierkorb', '垃圾箱', '已删除'],
  junk: ['junk', 'spam', '垃圾邮件'],
  archive: ['archive', 'archiwum', 'archiv', '归档'],
}

/** Lower case, without diacritics: how names of operators and values are compared. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll('ł', 'l')
    .replaceAll('ß', 'ss')
}

const byName = new Map<string, Field>()
for (const [field, languages] of Object.entries(fieldNames))
  for (const name of languages.flat()) if (!byName.has(fold(name))) byName.set(fold(name), field as Field)

export const fieldNamed = (name: string): Field | null => byName.get(fold(name)) ?? null

/** The value a person means by a word; while it is typed, `beginning` says that there is one that begins so. */
export function valueNamed<V extends string>(names: Record<V, readonly (readonly string[])[]>, typed: string): V | null {
  const wanted = fold(typed)
  for (const value in names) if (names[value].flat().some(name => fold(name) === wanted)) return value
  return null
}

export function isBeginning(names: Record<string, readonly (readonly string[])[]>, typed: string): boolean {
  const wanted = fold(typed)
  return Object.values(names).some(languages => languages.flat().some(name => fold(name).startsWith(wanted)))
}
