import type { importText as english } from './en.ts'

export const importText: Record<keyof typeof english, string> = {
  title: 'In „{{name}}“ importieren',
  lead: 'Übernimmt Mail anderer Programme ins Archiv: mbox, EML, Maildir, Postfächer von Thunderbird und Apple Mail, Dateien von Outlook (PST, OST, MSG), Google Takeout, ZIP-Dateien davon und Exporte dieses Programms. Was schon da ist, wird nicht doppelt gespeichert.',
  what: 'Aus',
  file: 'Datei hinzufügen …',
  folder: 'Ordner hinzufügen …',
  none: 'Noch nichts gewählt.',
  remove: 'Weglassen',
  below: 'Unter diesem Ordner des Archivs',
  belowHint: 'Neben einem Konto kommt alles unter „Imported“. Leer lassen, um die Namen zu behalten.',
  submit: 'Importieren',
  menu: 'Importieren …',
  menuHint: 'Mail anderer Programme oder ein Export',
  there: '{{count}} waren schon da',
}
