import type { Polish } from '../types.ts'

export const unread: Polish['unread'] = {
  title: 'Załączniki i wyszukiwanie',
  waiting: {
    one: 'Załączniki {{n}} wiadomości czekają na odczytanie',
    few: 'Załączniki {{n}} wiadomości czekają na odczytanie',
    many: 'Załączniki {{n}} wiadomości czekają na odczytanie',
    other: 'Załączniki {{n}} wiadomości czekają na odczytanie',
  },
  intro: 'Treści tych załączników nie można przeszukać:',
  why: {
    encrypted: { one: '{{n}} zaszyfrowany', few: '{{n}} zaszyfrowane', many: '{{n}} zaszyfrowanych', other: '{{n}} zaszyfrowanego' },
    'image-only': { one: '{{n}} skan bez tekstu', few: '{{n}} skany bez tekstu', many: '{{n}} skanów bez tekstu', other: '{{n}} skanu bez tekstu' },
    'too-large': { one: '{{n}} zbyt duży', few: '{{n}} zbyt duże', many: '{{n}} zbyt dużych', other: '{{n}} zbyt dużego' },
    damaged: { one: '{{n}} uszkodzony', few: '{{n}} uszkodzone', many: '{{n}} uszkodzonych', other: '{{n}} uszkodzonego' },
    'gave-up': {
      one: '{{n}} odczytywany zbyt długo',
      few: '{{n}} odczytywane zbyt długo',
      many: '{{n}} odczytywanych zbyt długo',
      other: '{{n}} odczytywanego zbyt długo',
    },
    format: {
      one: '{{n}} w nieobsługiwanym formacie',
      few: '{{n}} w nieobsługiwanym formacie',
      many: '{{n}} w nieobsługiwanym formacie',
      other: '{{n}} w nieobsługiwanym formacie',
    },
  },
  show: 'Pokaż wiadomości',
  done: {
    one: 'Odczytano załączniki {{n}} wiadomości',
    few: 'Odczytano załączniki {{n}} wiadomości',
    many: 'Odczytano załączniki {{n}} wiadomości',
    other: 'Odczytano załączniki {{n}} wiadomości',
  },
  envelope: {
    winmail: 'List z pliku winmail.dat programu Outlook.',
    signed: 'List z podpisu S/MIME. Podpis nie został sprawdzony.',
  },
}
