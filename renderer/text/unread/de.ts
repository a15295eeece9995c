import type { German } from '../types.ts'

export const unread: German['unread'] = {
  title: 'Anhänge und Suche',
  waiting: { one: 'Anhänge von {{n}} Nachricht werden noch gelesen', other: 'Anhänge von {{n}} Nachrichten werden noch gelesen' },
  intro: 'Der Text dieser Anhänge kann nicht durchsucht werden:',
  why: {
    encrypted: { one: '{{n}} ist verschlüsselt', other: '{{n}} sind verschlüsselt' },
    'image-only': { one: '{{n}} ist ein Scan ohne Text', other: '{{n}} sind Scans ohne Text' },
    'too-large': { one: '{{n}} ist zu groß, um ganz gelesen zu werden', other: '{{n}} sind zu groß, um ganz gelesen zu werden' },
    damaged: { one: '{{n}} ist beschädigt', other: '{{n}} sind beschädigt' },
    'gave-up': { one: 'bei {{n}} dauerte das Lesen zu lange', other: 'bei {{n}} dauerte das Lesen zu lange' },
    format: { one: '{{n}} hat ein Format, das nicht gelesen wird', other: '{{n}} haben ein Format, das nicht gelesen wird' },
  },
  show: 'Nachrichten anzeigen',
  done: { one: 'Anhänge von {{n}} Nachricht gelesen', other: 'Anhänge von {{n}} Nachrichten gelesen' },
  envelope: {
    winmail: 'Der Brief aus Outlooks winmail.dat.',
    signed: 'Der Brief aus einer S/MIME-Signatur. Die Signatur wurde nicht geprüft.',
  },
}
