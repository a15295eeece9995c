import type { importText as english } from './en.ts'

export const importText: Record<keyof typeof english, string> = {
  title: 'Import do „{{name}}”',
  lead: 'Dodaje do archiwum pocztę z innych programów: mbox, EML, Maildir, skrzynki Thunderbirda i Apple Mail, pliki Outlooka (PST, OST, MSG), Google Takeout, pliki ZIP z nimi oraz eksporty tego programu. To, co już jest, nie zostanie zapisane drugi raz.',
  what: 'Źródło',
  file: 'Dodaj plik…',
  folder: 'Dodaj folder…',
  none: 'Nic jeszcze nie wybrano.',
  remove: 'Pomiń',
  below: 'W tym folderze archiwum',
  belowHint: 'W archiwum z kontem poczta trafia do folderu „Imported”. Pozostaw puste, aby zachować nazwy.',
  submit: 'Importuj',
  menu: 'Importuj…',
  menuHint: 'Poczta z innych programów albo eksport',
  there: '{{count}} już było',
}
